import { both, type FoldingRules, nothing } from '@stackyard/event-folding';
import { z } from 'zod';
import { EgressError } from './errors.ts';

// Members this version doesn't know go through: whoever sends them and whoever gets them may be newer.
const profile = z.looseObject({
  age: z.number().int().nonnegative().optional(),
  nickname: z.string().optional(),
  prefered_channels: z.array(z.string()).optional(),
});

const common = {
  /** Unique among the events of the source. */
  id: z.string().min(1),
  /** When it happened: ISO 8601 with any offset. */
  time: z.iso.datetime({ offset: true }),
  source: z.literal('user.management'),
  /** The user. */
  subject: z.string().min(1),
};

const userEvent = z.discriminatedUnion('type', [
  z.looseObject({ ...common, type: z.literal('user.signedup'), data: z.looseObject({ name: z.string(), profile }) }),
  z.looseObject({ ...common, type: z.literal('user.profile_updated'), data: profile.extend({ name: z.string() }) }),
  z.looseObject({ ...common, type: z.literal('user.unsubscribed'), data: z.looseObject({}) }),
]);

/** What the user management tells of its users: CloudEvents of three types. */
export type UserEvent = z.infer<typeof userEvent>;

/**
 * Reads an event from its JSON text.
 * @throws EgressError (`EVENT_UNREADABLE`) naming every member that is wrong.
 */
export function readUserEvent(text: string): UserEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EgressError('EVENT_UNREADABLE', `no JSON: ${(cause as Error).message}`, cause);
  }
  const { success, data, error } = userEvent.safeParse(value);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the event'}: ${message}`);
  throw new EgressError('EVENT_UNREADABLE', problems.join('; '), error);
}

/**
 * What two events of one user come to. A sign-up with what came after it is a sign-up; one that was taken back is nothing; updates
 * are one update. A sign-up after anything else stays beside it: otherwise an unsubscription after it would cancel it, and with it
 * what went before.
 */
export const userRules: FoldingRules<UserEvent> = {
  'user.signedup': {
    'user.signedup': (_, second) => second,
    'user.profile_updated': (first, { data: { name: _, ...changed } }) => ({
      ...first,
      data: { ...first.data, profile: { ...first.data.profile, ...changed } },
    }),
    'user.unsubscribed': () => nothing,
  },
  'user.profile_updated': {
    'user.signedup': () => both,
    'user.profile_updated': (first, second) => ({ ...second, data: { ...first.data, ...second.data } }),
    'user.unsubscribed': (_, second) => second,
  },
  'user.unsubscribed': {
    'user.signedup': () => both,
    // An update that was overtaken by the end of the subscription.
    'user.profile_updated': (first) => first,
    'user.unsubscribed': (_, second) => second,
  },
};
