import { randomInt } from 'node:crypto';
import type { CodeDeliveryDetailsType, DeliveryMediumType } from '@aws-sdk/client-cognito-identity-provider';
import type { Cloud } from '../../service.ts';
import { post } from './outbox.ts';
import type { User, UserPool } from './state.ts';
import { runTrigger, triggerAttributes } from './triggers.ts';

export interface MessageContext {
  readonly cloud: Cloud;
  readonly pool: UserPool;
  readonly user: User;
  readonly clientId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

type Reason =
  | 'SignUp'
  | 'AdminCreateUser'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute';

const hour = 3_600_000;
/** "Quotas", Cognito Developer Guide: a code to confirm an address lives 24 hours, one to reset a password one. */
const lifetimes: Partial<Record<Reason, number>> = { ForgotPassword: hour };

/** Sends a six-digit code to an address of the user and remembers it under `purpose`. */
export async function sendCode(
  context: MessageContext,
  reason: Reason,
  purpose: string,
  attribute: 'email' | 'phone_number',
): Promise<CodeDeliveryDetailsType> {
  const { cloud, user } = context;
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const expires = cloud.clock.now() + (lifetimes[reason] ?? 24 * hour);
  const details = await send(context, reason, attribute, code);
  user.codes.set(purpose, { code, expires, failures: 0 });
  return details;
}

/** Tells somebody an administrator created of the temporary password, by every medium wanted that there is an address for. */
export async function sendInvitation(
  context: MessageContext,
  password: string,
  mediums: readonly DeliveryMediumType[] | undefined,
): Promise<void> {
  const wanted = mediums ?? (['EMAIL', 'SMS'] as const);
  for (const medium of wanted) {
    const attribute = medium === 'EMAIL' ? 'email' : 'phone_number';
    if (context.user.attributes.has(attribute)) await send(context, 'AdminCreateUser', attribute, password);
  }
}

async function send(
  context: MessageContext,
  reason: Reason,
  attribute: 'email' | 'phone_number',
  code: string,
): Promise<CodeDeliveryDetailsType> {
  const { cloud, pool, user } = context;
  const medium = attribute === 'email' ? 'EMAIL' : 'SMS';
  const to = user.attributes.get(attribute) ?? '';
  const isInvitation = reason === 'AdminCreateUser';
  const custom = await runTrigger(cloud, pool, `CustomMessage_${reason}`, {
    username: user.name,
    clientId: context.clientId,
    request: {
      userAttributes: triggerAttributes(user),
      codeParameter: '{####}',
      linkParameter: '{##Click Here##}',
      usernameParameter: isInvitation ? '{username}' : null,
      clientMetadata: context.metadata ?? {},
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  });
  const template = templateOf(pool, isInvitation, medium);
  const body = String((medium === 'EMAIL' ? custom?.['emailMessage'] : custom?.['smsMessage']) ?? template.body);
  const filled = body.replaceAll('{####}', code).replaceAll('{username}', signInName(pool, user));
  const subject = String(custom?.['emailSubject'] ?? template.subject);
  const sent = new Date(cloud.clock.now());
  post(cloud, { userPoolId: pool.id, username: user.name, reason, medium, to, subject, body: filled, code, sent });
  return { Destination: masked(to), DeliveryMedium: medium, AttributeName: attribute };
}

/** What they type to sign in: their address where that is how the pool knows them. */
function signInName({ settings }: UserPool, user: User): string {
  const address = settings.UsernameAttributes?.find((name) => user.attributes.has(name));
  return address === undefined ? user.name : (user.attributes.get(address) as string);
}

/** The pool's own texts, or Cognito's. */
function templateOf({ settings }: UserPool, isInvitation: boolean, medium: 'EMAIL' | 'SMS') {
  if (isInvitation) {
    const given = settings.AdminCreateUserConfig?.InviteMessageTemplate;
    const body = medium === 'EMAIL' ? given?.EmailMessage : given?.SMSMessage;
    return {
      subject: given?.EmailSubject ?? 'Your temporary password',
      body: body ?? 'Your username is {username} and temporary password is {####}.',
    };
  }
  const template = settings.VerificationMessageTemplate;
  const email = template?.EmailMessage ?? settings.EmailVerificationMessage;
  const sms = template?.SmsMessage ?? settings.SmsVerificationMessage;
  return {
    subject: template?.EmailSubject ?? settings.EmailVerificationSubject ?? 'Your verification code',
    body: (medium === 'EMAIL' ? email : sms) ?? 'Your confirmation code is {####}',
  };
}

/** An address as CodeDeliveryDetails shows it: `a***@e***`, `+*******0123`. */
export function masked(address: string): string {
  const [local = '', host] = address.split('@');
  if (host !== undefined) return `${local.slice(0, 1)}***@${host.slice(0, 1)}***`;
  return `+${'*'.repeat(Math.max(0, address.length - 5))}${address.slice(-4)}`;
}

/** Where codes for somebody go: to the address the pool verifies by itself, the phone first. */
export function verifiedBySignUp({ settings }: UserPool, user: User): 'email' | 'phone_number' | undefined {
  const automatic = settings.AutoVerifiedAttributes ?? [];
  return (['phone_number', 'email'] as const).find((name) => automatic.includes(name) && user.attributes.has(name));
}
