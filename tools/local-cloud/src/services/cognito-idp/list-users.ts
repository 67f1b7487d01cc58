import type { ListUsersCommandInput, ListUsersCommandOutput } from '@aws-sdk/client-cognito-identity-provider';
import { between } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { invalidParameter, validate } from './errors.ts';
import { page } from './paging.ts';
import { onPool, poolOf } from './references.ts';
import type { User } from './state.ts';
import { listed } from './user-view.ts';

export const listUsers = operation<ListUsersCommandInput, ListUsersCommandOutput>({
  demands: onPool('ListUsers'),
  run(input, call) {
    validate(between('limit', input.Limit, 0, 60));
    const pool = poolOf(input, call);
    const matches = readFilter(input.Filter);
    const found = [...pool.users.values()].filter(matches);
    const { items, next } = page(found, ({ name }) => name, input.Limit || 60, input.PaginationToken);
    return {
      Users: items.map((user) => listed(user, input.AttributesToGet)),
      ...(next !== undefined && { PaginationToken: next }),
    };
  },
});

const searchable: Readonly<Record<string, (user: User) => string | undefined>> = {
  username: ({ name }) => name,
  'cognito:user_status': ({ status }) => status,
  status: ({ enabled }) => (enabled ? 'Enabled' : 'Disabled'),
  ...Object.fromEntries(
    ['email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username', 'sub'].map((name) => [
      name,
      ({ attributes }: User) => attributes.get(name),
    ]),
  ),
};

/**
 * `attribute = "value"` or `attribute ^= "beginning"` ("ListUsers", Filter): one condition, on a standard attribute that
 * can be searched; custom attributes can't.
 */
function readFilter(filter: string | undefined): (user: User) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true;
  const [, attribute = '', operator, quoted] =
    /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/s.exec(filter) ?? [];
  if (operator === undefined || quoted === undefined) throw invalidParameter('Error while parsing filter.');
  const read = Object.hasOwn(searchable, attribute) ? searchable[attribute] : undefined;
  if (!read) throw invalidParameter(`Invalid search attribute: ${attribute}`);
  const wanted = quoted.replaceAll(/\\(.)/gs, '$1');
  return (user) => {
    const value = read(user);
    return operator === '=' ? value === wanted : value?.startsWith(wanted) === true;
  };
}
