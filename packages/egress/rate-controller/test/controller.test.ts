import { StoreError } from '@stackyard/rate-control';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { createController } from '../src/controller.ts';
import { failing, partnerOf, taken } from './partner-of.ts';

const request = (headers: Record<string, string> = {}, body = '{}') =>
  ({ headers, body, isBase64Encoded: false }) as unknown as APIGatewayProxyEventV2;

async function controllerOf(...given: Parameters<typeof partnerOf>) {
  const { partner, asked, fates } = await partnerOf(...given);
  return { handle: createController({ partner, waitMs: 300, mostWaitMs: 1000 }), asked, fates };
}

describe('given a partner within its limit', () => {
  test('then a caller gets its answer, and the partner the caller’s key and body', async () => {
    const { handle, asked, fates } = await controllerOf(taken);
    const answer = await handle(request({ 'idempotency-key': 'k1', authorization: 'secret' }, '{"subject":"s"}'));
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"taken":true}',
    });
    expect(asked).toMatchObject([{ url: 'https://partner.example/limited', init: { body: '{"subject":"s"}' } }]);
    expect(asked[0]?.init?.headers).toEqual({ 'idempotency-key': 'k1' });
    expect(fates()).toEqual(['answered']);
  });

  test('then what the limit has no room for is refused with the time to come again, and not sent', async () => {
    const { handle, asked, fates } = await controllerOf(taken);
    await handle(request());
    await handle(request());
    const answer = await handle(request());
    expect(answer).toMatchObject({ statusCode: 429, headers: { 'content-type': 'application/problem+json' } });
    const { headers, body } = answer as { headers: Record<string, string>; body: string };
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(JSON.parse(body)).toMatchObject({ title: 'Too Many Requests', status: 429, code: 'RATE_LIMITED' });
    expect(asked).toHaveLength(2);
    expect(fates()).toEqual(['answered', 'answered', 'refused']);
  });
});

test('given a partner that refuses, then its answer is the caller’s, and the next caller does not reach it', async () => {
  const busy = async () =>
    new Response('busy', { status: 429, headers: { 'retry-after': '30', 'set-cookie': 'theirs' } });
  const { handle, asked, fates } = await controllerOf(busy);
  const answer = await handle(request());
  expect(answer).toMatchObject({ statusCode: 429, headers: { 'retry-after': '30' }, body: 'busy' });
  expect(await handle(request())).toMatchObject({ statusCode: 429, body: expect.stringContaining('RATE_PAUSED') });
  expect(asked).toHaveLength(1);
  expect(fates()).toEqual(['partner-refused', 'refused']);
});

test('given a partner that hangs, then the caller hears so when the call’s time is over', async () => {
  const { handle, fates } = await controllerOf(
    (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
  );
  expect(await handle(request())).toMatchObject({ statusCode: 504 });
  expect(fates()).toEqual(['partner-failed']);
});

test('given a partner that cannot be reached, then the caller hears so', async () => {
  const { handle } = await controllerOf(() => Promise.reject(new TypeError('fetch failed')));
  expect(await handle(request())).toMatchObject({ statusCode: 502 });
});

test('given a store that fails, then nothing is sent and the caller is asked to come again', async () => {
  const store = failing(new StoreError('STORE_FAILED', 'down'));
  const { handle, asked, fates } = await controllerOf(taken, { store });
  expect(await handle(request())).toMatchObject({ statusCode: 503, headers: { 'retry-after': expect.any(String) } });
  expect(asked).toEqual([]);
  expect(fates()).toEqual(['store-failed']);
});

test('given a partner that keeps failing, then it is left alone, and its caller asked to come again', async () => {
  const { handle, asked, fates } = await controllerOf(async () => new Response('broken', { status: 500 }), {
    count: 9,
  });
  for (let i = 0; i < 3; i += 1) expect(await handle(request())).toMatchObject({ statusCode: 500, body: 'broken' });
  expect(await handle(request())).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } });
  expect(asked).toHaveLength(3);
  expect(fates()).toEqual(['partner-failed', 'partner-failed', 'partner-failed', 'left-alone']);
});

test('given many calls that do not fit, then the partner is not held to be failing', async () => {
  const { handle, fates } = await controllerOf(taken);
  for (let i = 0; i < 6; i += 1) await handle(request({ prefer: 'wait=0' }));
  expect(fates().slice(2)).toEqual(['refused', 'refused', 'refused', 'refused']);
});
