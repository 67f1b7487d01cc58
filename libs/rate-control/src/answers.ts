import { type Clock, machineClock } from './clock.ts';

export interface AnswersOptions<Question, Answer> {
  /** Asks the partner, by a limiter. */
  ask(question: Question): Promise<Answer>;
  /** Questions of one key have the same answer: a product's category rather than the product. */
  key(question: Question): string;
  /** For how long an answer is as good as new. 0: only calls that are under way are shared. */
  readonly freshMs: number;
  /** For how long, from when it was given, an answer is better than none ("stale-if-error", RFC 5861, section 4). */
  readonly staleMs: number;
  /** What is answered when there is no better: a category's default. None: what `ask` rejected with is passed on. */
  default?(question: Question): Answer | undefined;
  /** Answers kept at most; the oldest goes first. Default 1,000. */
  readonly most?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

export interface Answers<Question, Answer> {
  /**
   * The partner's answer, shared with all who ask the same while it is under way or fresh. When the call is refused or fails: the answer
   * that was given last, if it isn't stale, else the default.
   */
  get(question: Question): Promise<Answer>;
}

/** Asks the partner as seldom as its answers allow. */
export function createAnswers<Question, Answer>(options: AnswersOptions<Question, Answer>): Answers<Question, Answer> {
  const { ask, key, freshMs, staleMs, most = 1_000, clock = machineClock } = options;
  const underWay = new Map<string, Promise<Answer>>();
  const given = new Map<string, { readonly at: number; readonly answer: Answer }>();
  const within = (name: string, ms: number) => {
    const last = given.get(name);
    return last && clock.now() - last.at < ms ? last : undefined;
  };

  async function askOnce(name: string, question: Question): Promise<Answer> {
    try {
      const answer = await ask(question);
      given.delete(name);
      given.set(name, { at: clock.now(), answer });
      const [oldest] = given.keys();
      if (given.size > most && oldest !== undefined) given.delete(oldest);
      return answer;
    } finally {
      underWay.delete(name);
    }
  }

  return {
    async get(question) {
      const name = key(question);
      const fresh = within(name, freshMs);
      if (fresh) return fresh.answer;
      const call = underWay.get(name) ?? askOnce(name, question);
      underWay.set(name, call);
      try {
        return await call;
      } catch (error) {
        const substitute = within(name, staleMs) ?? { answer: options.default?.(question) };
        if (substitute.answer === undefined) throw error;
        return substitute.answer;
      }
    },
  };
}
