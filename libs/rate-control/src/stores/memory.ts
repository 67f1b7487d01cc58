import { exchange } from '../exchange.ts';
import { initialState, ownState, type State } from '../state.ts';
import type { Store } from '../store.ts';

/** Permits within one process, for tests and for processes that share with nobody. `now` gives milliseconds. */
export function memoryStore(now: () => number = () => performance.now()): Store {
  const states = new Map<string, State>();
  return {
    async initialise(policy) {
      if (!states.has(policy.name)) states.set(policy.name, initialState(policy));
    },
    async check(policy) {
      ownState(states.get(policy.name), policy);
    },
    async exchange(policy, request) {
      const state = ownState(states.get(policy.name), policy);
      const time = Math.ceil(now());
      const [next, answer] = exchange(state, { earliest: Math.floor(now()), latest: time }, request);
      states.set(policy.name, next);
      return answer;
    },
  };
}
