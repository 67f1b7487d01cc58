import { logger, withLogger } from '@stackyard/handler-kit/logger';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';

const maxLines = 10_000;

/** Logs each of a request's `lines` once as a structured line, and answers with the request's id and their number. */
export const handler = withLogger<LambdaFunctionURLEvent, LambdaFunctionURLResult>(async (event, { awsRequestId }) => {
  const lines = linesOf(event);
  if (!lines) return problem(awsRequestId);
  for (const line of lines) logger.info(line);
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requestId: awsRequestId, logged: lines.length }),
  };
});

function linesOf({ body = '', isBase64Encoded }: LambdaFunctionURLEvent): readonly string[] | undefined {
  try {
    const parsed = JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body) as unknown;
    if (typeof parsed !== 'object' || parsed === null || !('lines' in parsed)) return undefined;
    const { lines } = parsed;
    return isLines(lines) ? lines : undefined;
  } catch {
    return undefined;
  }
}

const isLines = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= maxLines && value.every((line) => typeof line === 'string');

/** RFC 9457. */
function problem(requestId: string): LambdaFunctionURLResult {
  const detail = `The body is JSON with one field: {"lines": ["…"]}, at most ${maxLines} strings.`;
  const details = { type: 'about:blank', title: 'The request is refused', status: 400, detail, requestId };
  return { statusCode: 400, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(details) };
}
