import { StoreError } from '../errors.ts';
import { exchange } from '../exchange.ts';
import { belongsTo, initialState, type State } from '../state.ts';
import type { Store } from '../store.ts';

/** Permits within one process, for tests and for processes that share with nobody. `now` gives milliseconds. */
export function memoryStore(now: () => number = () => performance.now()): Store {
  const states = new Map<string, State>();
  return {
    async initialise(policy) {
      if (!states.has(policy.name)) states.set(policy.name, initialState(policy));
    },
    async exchange(policy, request) {
      const state = states.get(policy.name);
      if (!state) throw new StoreError('STORE_STATE_MISSING', `nothing is stored of policy '${policy.name}'`);
      if (!belongsTo(state, policy))
        throw new StoreError('STORE_STATE_FOREIGN', `policy '${policy.name}' has other limits`);
      const time = Math.ceil(now());
      const [next, answer] = exchange(state, { earliest: Math.floor(now()), latest: time }, request);
      states.set(policy.name, next);
      return answer;
    },
  };
}
