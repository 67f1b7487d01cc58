import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider';
import { invalidParameter } from './errors.ts';
import { checkAliases } from './new-user.ts';
import { checkedAttributes, checkMutable } from './schema.ts';
import type { User, UserPool } from './state.ts';

/** Writes attributes of a user that exists; without a value they are taken away. All of them, or none. */
export function changeAttributes(
  pool: UserPool,
  user: User,
  given: readonly AttributeType[] | undefined,
  now: number,
): ReadonlyMap<string, string> {
  const changes = checkedAttributes(pool, given);
  checkMutable(pool, changes.keys());
  checkKept(
    pool,
    [...changes].filter(([, value]) => value === '').map(([name]) => name),
  );
  // An address that changes is to be verified anew, unless that is said along with it.
  for (const name of ['email', 'phone_number']) {
    const isNew = changes.has(name) && changes.get(name) !== user.attributes.get(name);
    if (isNew && !changes.has(`${name}_verified`)) changes.set(`${name}_verified`, 'false');
  }
  const attributes = new Map([...user.attributes, ...changes]);
  checkAliases(pool, { ...user, attributes });
  for (const [name, value] of changes) {
    if (value === '') user.attributes.delete(name);
    else user.attributes.set(name, value);
  }
  user.modified = new Date(now);
  return changes;
}

/** Takes attributes away, all of them or none. Throws for those unknown, immutable or required. */
export function removeAttributes(pool: UserPool, user: User, names: readonly string[], now: number): void {
  for (const name of names) {
    if (!pool.schema.has(name)) {
      throw invalidParameter(
        `Attributes did not conform to the schema: ${name}: Attribute does not exist in the schema.\n`,
      );
    }
  }
  checkMutable(pool, names);
  checkKept(pool, names);
  for (const name of names) user.attributes.delete(name);
  user.modified = new Date(now);
}

function checkKept(pool: UserPool, names: readonly string[]): void {
  const required = names.find((name) => pool.schema.get(name)?.Required);
  if (required !== undefined) throw invalidParameter(`Cannot delete required attribute: ${required}`);
}
