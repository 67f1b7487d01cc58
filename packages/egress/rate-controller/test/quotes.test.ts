import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, test } from 'vitest';
import { createQuotes } from '../src/quotes.ts';
import { partnerOf } from './partner-of.ts';

const request = (category: string) => ({ pathParameters: { category } }) as unknown as APIGatewayProxyEventV2;

async function quotesOf(freshMs: number, staleMs: number, ...given: Parameters<typeof partnerOf>) {
  const { partner, asked } = await partnerOf(...given);
  const answer = createQuotes({ partner, freshMs, staleMs, waitMs: 200, defaults: { 'fridge-a': 30 } });
  const ask = async (category: string) => {
    const { statusCode, body = '' } = await answer(request(category));
    return { statusCode, ...JSON.parse(body) };
  };
  return { ask, asked };
}

const price = (pricePerYear: number) => async () => Response.json({ pricePerYear });

test('a category is asked once for all products of it while the price is fresh', async () => {
  const { ask, asked } = await quotesOf(60_000, 60_000, price(28));
  const answers = [await ask('fridge-a'), await ask('fridge-a')];
  expect(answers[0]).toMatchObject({ statusCode: 200, category: 'fridge-a', pricePerYear: 28 });
  expect(answers[1]).toEqual(answers[0]);
  expect(Date.parse(answers[0].asOf)).not.toBeNaN();
  expect(asked.map(({ url }) => url)).toEqual(['https://partner.example/limited/insurance/fridge-a']);
});

test('where the limit has no room the last price is answered', async () => {
  const { ask, asked } = await quotesOf(0, 60_000, price(28));
  for (let i = 0; i < 3; i += 1) expect(await ask('fridge-a')).toMatchObject({ statusCode: 200, pricePerYear: 28 });
  expect(asked).toHaveLength(2);
});

test('where nothing is known the category’s default is answered, and without one the caller is told', async () => {
  const { ask } = await quotesOf(0, 0, async () => new Response('', { status: 500 }));
  expect(await ask('fridge-a')).toEqual({ statusCode: 200, category: 'fridge-a', pricePerYear: 30, asOf: null });
  expect(await ask('oven')).toMatchObject({ statusCode: 502, status: 502 });
});

test('what is no category is refused before the partner is asked', async () => {
  const { ask, asked } = await quotesOf(0, 0, price(28));
  expect(await ask('../secrets')).toMatchObject({ statusCode: 400, detail: expect.stringContaining('category') });
  expect(asked).toEqual([]);
});
