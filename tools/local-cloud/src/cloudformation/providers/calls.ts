import { AwsError } from '../../errors.ts';
import type { ResourceRequest } from '../provider.ts';

/** Runs a deletion; that the thing is already gone, as one of the error codes says, is success. */
export async function unlessGone(codes: readonly string[], run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AwsError && codes.includes(error.code))) throw error;
  }
}

/** What a look-up answers; `undefined` when the thing is not there, as one of the error codes says. */
export async function ifThere<Output>(
  codes: readonly string[],
  run: () => Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

/** A policy as the services take it: text. Templates write it as an object, or as text already. */
export function policyText(policy: unknown): string {
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}

/** Milliseconds between two looks at a resource that is being created. */
const pollInterval = 100;

/** Looks at a resource until it is as wanted; as long as that takes, unless the operation is cancelled. */
export async function until({ clock, signal }: ResourceRequest, isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await clock.sleep(pollInterval, signal);
}

export interface TagEntry {
  readonly Key: string;
  readonly Value: string;
}

/** What has to change for one list of tags to become another. */
export function tagChanges(
  before: readonly TagEntry[] = [],
  after: readonly TagEntry[] = [],
): { readonly set: readonly TagEntry[]; readonly removed: readonly string[] } {
  const old = new Map(before.map(({ Key, Value }) => [Key, Value]));
  return {
    set: after.filter(({ Key, Value }) => old.get(Key) !== Value),
    removed: [...old.keys()].filter((key) => !after.some(({ Key }) => Key === key)),
  };
}

/** Tags of a map as templates list them; `undefined` when there are none. */
export function tagList(tags: Readonly<Record<string, string>> = {}): readonly TagEntry[] | undefined {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return list.length > 0 ? list : undefined;
}

/** Tags as the map that some services take. */
export function tagMap(tags: readonly TagEntry[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
