import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { logger, withLogger } from '@stackyard/handler-kit/logger';
import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { letIn } from './limit.ts';

const s3 = new S3Client({});
const Bucket = process.env['CALLS_BUCKET'];

/**
 * Takes an event. The first call of an idempotency key is taken and recorded as `calls/{key}`; each further one is answered the same,
 * changes nothing, and is recorded as `repeats/{key}/{request}`.
 *
 * Calls of `/limited` are let in as often as the limit allows; each beyond it is recorded as `refused/{key}/{request}`. So are questions
 * for the price of a category's insurance, `/limited/insurance/{category}`, each recorded by its request as a call about the category.
 */
export const handler = withLogger<LambdaFunctionURLEvent, LambdaFunctionURLResult>(async (request, context) => {
  const category = /^\/limited\/insurance\/([a-z\d-]{1,64})$/.exec(request.rawPath)?.[1];
  const key = category === undefined ? (request.headers['idempotency-key'] ?? '') : requestId(context);
  if (!/^[\w-]{1,128}$/.test(key)) return answer(400, { problem: 'the header Idempotency-Key is missing or no key' });
  const body = request.isBase64Encoded ? Buffer.from(request.body ?? '', 'base64').toString() : (request.body ?? '');
  const event = category === undefined ? parsed(body) : { subject: category };
  if (event === undefined) return answer(422, { problem: 'the body is no event: a JSON object with a subject' });
  const place = request.rawPath.startsWith('/limited') ? await letIn() : { time: Date.now() };
  const time = new Date('time' in place ? place.time : Date.now()).toISOString();
  const record = JSON.stringify({ time, key, event });
  if ('retryAfterMs' in place) {
    await put(`refused/${key}/${requestId(context)}`, record);
    const seconds = Math.ceil(place.retryAfterMs / 1000);
    return answer(429, { problem: 'more calls than the limit allows' }, { 'retry-after': String(seconds) });
  }
  const taken = await first(key, record);
  if (!taken) await put(`repeats/${key}/${requestId(context)}`, record);
  logger.info('call', { key, subject: event.subject, taken });
  // What it costs to insure is made up.
  return answer(200, category === undefined ? { taken } : { category, pricePerYear: 20 + category.length });
});

const requestId = ({ awsRequestId }: Context) => awsRequestId;

function answer(statusCode: number, body: object, headers: Record<string, string> = {}): LambdaFunctionURLResult {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function parsed(body: string): { subject: string } | undefined {
  try {
    const event = JSON.parse(body) as { subject?: unknown } | null;
    return typeof event?.subject === 'string' ? { ...event, subject: event.subject } : undefined;
  } catch {
    return undefined;
  }
}

/** "If-None-Match: *" lets the first of any number of writers win ("How to prevent object overwrites", Amazon S3 User Guide). */
async function first(key: string, record: string): Promise<boolean> {
  try {
    await put(`calls/${key}`, record, '*');
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return false;
    throw error;
  }
}

async function put(Key: string, Body: string, IfNoneMatch?: '*'): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', IfNoneMatch }));
}
