import { randomUUID } from 'node:crypto';
import type { UserEvent } from '../user-events.ts';

const common = (subject: string, second: number) => ({
  id: randomUUID(),
  time: new Date(Date.UTC(2025, 2, 23, 17, 13, 32 + second)).toISOString(),
  source: 'user.management' as const,
  subject,
});

export const signedUp = (subject: string, second = 0): UserEvent => ({
  ...common(subject, second),
  type: 'user.signedup',
  data: { name: subject, profile: { age: second } },
});

export const profileUpdated = (subject: string, second: number): UserEvent => ({
  ...common(subject, second),
  type: 'user.profile_updated',
  data: { name: subject, age: second, nickname: `nickname ${second}`, prefered_channels: ['EMAIL'] },
});

export const unsubscribed = (subject: string, second: number): UserEvent => ({
  ...common(subject, second),
  type: 'user.unsubscribed',
  data: {},
});

/** A sign-up and updates of one user, a second apart, `count` events in all. */
export function lifeOf(subject: string, count: number): UserEvent[] {
  const updates = Array.from({ length: count - 1 }, (_, i) => profileUpdated(subject, i + 1));
  return [signedUp(subject), ...updates];
}
