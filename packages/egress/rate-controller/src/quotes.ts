import { createAnswers } from '@stackyard/rate-control';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problemOf } from './controller.ts';
import type { Partner } from './partner.ts';
import { json, problem } from './problem.ts';

/** What it costs to insure a product of a category. */
export interface Quote {
  readonly pricePerYear: number;
  /** When the partner said so; null for a default. */
  readonly asOf: string | null;
}

export interface QuotesOptions {
  readonly partner: Partner;
  /** For how long a price is as good as new, and for how long it is better than the category's default. */
  readonly freshMs: number;
  readonly staleMs: number;
  /** Prices by category. */
  readonly defaults: Readonly<Record<string, number>>;
  /** How long a request waits for its turn before it is answered otherwise. */
  readonly waitMs: number;
}

/**
 * Answers what it costs to insure a product of a category: no product page needs the partner to be shown. It is asked as seldom as its
 * prices change; while it can't be asked, the last price is answered, then the category's default.
 */
export function createQuotes({ partner, freshMs, staleMs, defaults, waitMs }: QuotesOptions) {
  const quotes = createAnswers<string, Quote>({
    key: (category) => category,
    freshMs,
    staleMs,
    // The environment may be frozen between two requests.
    clock: { now: Date.now },
    async ask(category) {
      const answer = await partner.call(`limited/insurance/${category}`, {}, waitMs);
      if (answer.status !== 200) throw new Error(`the partner answered ${answer.status}`);
      const { pricePerYear } = JSON.parse(answer.body) as { pricePerYear: number };
      return { pricePerYear, asOf: new Date().toISOString() };
    },
    default: (category) => {
      const pricePerYear = defaults[category];
      return pricePerYear === undefined ? undefined : { pricePerYear, asOf: null };
    },
  });
  return async ({ pathParameters }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const category = pathParameters?.['category'] ?? '';
    if (!/^[a-z\d-]{1,64}$/.test(category)) {
      return problem(400, 'a category is 1 to 64 lower-case letters, digits and hyphens');
    }
    try {
      const quote = await quotes.get(category);
      return json(200, { category, ...quote });
    } catch (error) {
      return problemOf(error);
    }
  };
}
