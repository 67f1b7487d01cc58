import type { UserEvent } from '../user-events.ts';

/** What the downstream knows of a user; undefined when there is none. */
export type UserState = { readonly name: string; readonly profile: Readonly<Record<string, unknown>> } | undefined;

/** A user after events that are carried out one by one. */
export function userAfter(events: readonly UserEvent[], before?: UserState): UserState {
  return events.reduce(apply, before);
}

function apply(user: UserState, event: UserEvent): UserState {
  if (event.type === 'user.unsubscribed') return undefined;
  if (event.type === 'user.signedup') return { name: event.data.name, profile: event.data.profile };
  const { name: _, ...changed } = event.data;
  return user && { ...user, profile: { ...user.profile, ...changed } };
}
