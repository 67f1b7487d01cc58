import type { Redis } from 'ioredis';
import { StoreError } from '../errors.ts';
import type { ExchangeAnswer } from '../exchange.ts';
import { initialState, ownState, type State } from '../state.ts';
import type { Store } from '../store.ts';
import { askAgain } from './ask-again.ts';
import { exchangeScript } from './redis-script.ts';

export interface RedisStoreOptions {
  /** Redis 5 or later, or Valkey. Commands should fail rather than be sent again: `maxRetriesPerRequest: 0`, `autoResendUnfulfilledCommands: false`. */
  readonly client: Redis;
  /** In front of the policy's name, which is in braces. Default `rate-control:`. */
  readonly prefix?: string;
}

/**
 * Permits in Redis or Valkey: an exchange is one round trip, by a script, and by the server's clock. One whose
 * answer got lost is asked for again, up to twice, and carried out once. What the server forgets when it
 * fails over would be given out twice: it has to keep what it has confirmed (`appendfsync always`, MemoryDB), or be initialised anew after
 * the longest lease and window.
 */
export function redisStore({ client, prefix = 'rate-control:' }: RedisStoreOptions): Store {
  // What is in braces decides in which slot of a cluster a key is: those of a policy are in one.
  const keyOf = (name: string) => `${prefix}{${name}}`;
  return {
    async initialise(policy) {
      await client.set(keyOf(policy.name), JSON.stringify(initialState(policy)), 'NX');
    },
    async check(policy) {
      const text = await client.get(keyOf(policy.name)).catch((error: Error) => {
        throw new StoreError('STORE_FAILED', error.message, { cause: error });
      });
      ownState(text === null ? undefined : (JSON.parse(text) as State), policy);
    },
    async exchange(policy, request) {
      const { name, limits } = policy;
      const own = JSON.stringify(limits.map(({ count, restMs }) => [count, restMs]));
      const reply = await askAgain((id) =>
        client
          .eval(exchangeScript, 2, keyOf(name), `${keyOf(name)}:${id}`, own, JSON.stringify(request))
          .catch((error: Error) => {
            throw new StoreError('STORE_FAILED', error.message, { mayBeWritten: true, cause: error });
          }),
      );
      const answer = JSON.parse(String(reply)) as Reply;
      if ('missing' in answer) throw new StoreError('STORE_STATE_MISSING', `nothing is stored of policy '${name}'`);
      if ('foreign' in answer) throw new StoreError('STORE_STATE_FOREIGN', `policy '${name}' has other limits`);
      // Lua has one kind of table: an empty list comes as an empty object.
      return { ...answer, granted: answer.granted.map(listOf), booked: listOf(answer.booked) };
    },
  };
}

type Reply = ExchangeAnswer | { readonly missing: true } | { readonly foreign: true };

const listOf = <Item>(list: readonly Item[]): readonly Item[] => (Array.isArray(list) ? list : []);
