import {
  askAgain,
  type Clock,
  type Documents,
  documentStore,
  memoryStore,
  type Policy,
  type Store,
} from '@stackyard/rate-control';

/** Has work done at the other end of the network, which takes time and may fail on the way there or back. */
export type Remote = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** The store as each environment reaches it, by its own clock and network. */
export type Connect = (clock: Clock, remote: Remote) => Store;

/** A store that carries out an exchange by itself and at once, and knows what it has answered. */
export async function scriptedStore(policy: Policy, clock: Clock, random: () => number): Promise<Connect> {
  const memory = memoryStore(clock.now);
  await memory.initialise(policy);
  const answers = new Map<string, ReturnType<Store['exchange']>>();
  const once = (id: string, ...request: Parameters<Store['exchange']>) => {
    const answer = answers.get(id) ?? memory.exchange(...request);
    answers.set(id, answer);
    if (answers.size > 10_000) answers.delete([...answers.keys()][0] as string);
    return answer;
  };
  return (own, remote) => ({
    ...memory,
    exchange: (...request) => askAgain((id) => remote(() => once(id, ...request)), own, random),
  });
}

/** A store that writes when nobody else has, and says what second it is. */
export async function conditionalStore(policy: Policy, clock: Clock, random: () => number): Promise<Connect> {
  let text: string | undefined;
  let version = 0;
  const stored = () => (text === undefined ? undefined : { text, version: String(version) });
  const date = () => Math.floor(clock.now() / 1000) * 1000;
  const local: Documents = {
    async read() {
      return { answer: stored(), date: date() };
    },
    async write(_, next, expected) {
      if (stored()?.version !== expected) return { answer: { current: stored() }, date: date() };
      text = next;
      version += 1;
      return { answer: { version: String(version) }, date: date() };
    },
  };
  await documentStore(local, clock).initialise(policy);
  return (own, remote) => {
    const distant: Documents = {
      read: (name) => remote(() => local.read(name)),
      write: (...request) => remote(() => local.write(...request)),
    };
    return documentStore(distant, own, random);
  };
}
