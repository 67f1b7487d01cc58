import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { RequestError } from './errors.ts';

export const formats = ['json', 'text', 'object'] as const;
/** json: Powertools' structured line; text: console.log of the string; object: console.log of a JavaScript object. */
export type Format = (typeof formats)[number];

/** What a caller asks to have logged. */
export interface LogRequest {
  readonly lines: readonly string[];
  readonly format: Format;
  /** The function goes on for so many milliseconds before it answers. */
  readonly beforeResponseMs?: number;
  /** When given, one more line is logged this many milliseconds after the response, by work nobody waits for. */
  readonly afterResponseMs?: number;
}

/** Lambda itself ends a request at 6 MB; this keeps one request's work bounded too. */
const maxLines = 10_000;
/** No function of these patterns may take as long, and an environment is usually gone sooner after its last request. */
const maxDelayMs = 60_000;

/**
 * Reads `{"lines": ["…"], "format": "json" | "text" | "object", "beforeResponseMs": 100, "afterResponseMs": 2000}`; the format is json by default.
 * @throws RequestError with all problems of the body at once
 */
export function parseLogRequest(event: LambdaFunctionURLEvent): LogRequest {
  const method = event.requestContext.http.method;
  if (method !== 'POST') {
    throw new RequestError('METHOD_NOT_ALLOWED', [`the method is ${method}; use POST with a JSON body`]);
  }
  const { lines, format = 'json', beforeResponseMs, afterResponseMs, ...unknown } = parseBody(event);
  const fields = 'lines, format, beforeResponseMs, afterResponseMs';
  const problems = [...Object.keys(unknown).map((name) => `${name} is no field; use ${fields}`)];
  if (!isLines(lines)) problems.push(`lines must be an array of 0 to ${maxLines} strings`);
  if (!isFormat(format)) problems.push(`format is ${JSON.stringify(format)}; use one of ${formats.join(', ')}`);
  for (const [name, value] of Object.entries({ beforeResponseMs, afterResponseMs })) {
    if (isDelay(value)) continue;
    problems.push(`${name} is ${JSON.stringify(value)}; use a whole number from 0 to ${maxDelayMs}`);
  }
  if (problems.length > 0) throw new RequestError('BODY_INVALID', problems);
  return { lines, format, beforeResponseMs, afterResponseMs } as LogRequest;
}

function parseBody({ body = '', isBase64Encoded }: LambdaFunctionURLEvent): Record<string, unknown> {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new RequestError('BODY_NOT_JSON', ['the body is no JSON object; send {"lines": ["…"]}']);
  }
  return parsed as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isLines = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= maxLines && value.every((line) => typeof line === 'string');

const isFormat = (value: unknown): value is Format => (formats as readonly unknown[]).includes(value);

const isDelay = (value: unknown): value is number | undefined =>
  value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxDelayMs);
