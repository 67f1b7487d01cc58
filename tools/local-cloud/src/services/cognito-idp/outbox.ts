import type { Cloud } from '../../service.ts';

/** A message that Cognito would have sent. */
export interface SentMessage {
  readonly userPoolId: string;
  readonly username: string;
  /** What it was sent for: `AdminCreateUser`, `SignUp`, `ForgotPassword` … */
  readonly reason: string;
  readonly medium: 'EMAIL' | 'SMS';
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  /** The code or temporary password in it. */
  readonly code: string;
  readonly sent: Date;
}

/** The newest are kept. */
const most = 1000;

function outboxOf(cloud: Cloud): { messages: SentMessage[] } {
  return cloud.store('cognito-idp-outbox', 'all', 'global', () => ({ messages: [] as SentMessage[] }));
}

/** Keeps a message; the embedded cloud sends nothing to anybody. */
export function post(cloud: Cloud, message: SentMessage): void {
  const { messages } = outboxOf(cloud);
  messages.push(message);
  if (messages.length > most) messages.splice(0, messages.length - most);
}

/** Messages to an address, newest last; without one, all. */
export function messagesTo(cloud: Cloud, to?: string): readonly SentMessage[] {
  return outboxOf(cloud).messages.filter((message) => to === undefined || message.to === to);
}
