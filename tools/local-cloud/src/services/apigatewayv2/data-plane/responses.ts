import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';

/** The connection's own business. */
const dropped = new Set(['connection', 'content-length', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade']);

/**
 * What a function answered, as HTTP; `undefined` when it is not of a form the gateway takes. With payload format 2.0, JSON
 * without a status code is the body of a 200 ("Create AWS Lambda proxy integrations for HTTP APIs").
 */
export function functionAnswer(payload: Uint8Array, version: string): HttpAnswer | undefined {
  const text = Buffer.from(payload).toString();
  const answer = parsed(text);
  if (answer === undefined) return undefined;
  if (isObject(answer) && answer['statusCode'] !== undefined) return formatted(answer);
  if (version === '1.0') return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof answer === 'string' ? answer : text,
  };
}

function formatted(answer: Record<string, unknown>): HttpAnswer | undefined {
  const { statusCode, headers, multiValueHeaders, cookies, body = '', isBase64Encoded } = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (typeof body !== 'string' && body !== null) return undefined;
  const result: Record<string, string | string[]> = { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) set(result, name, String(value));
  for (const [name, values] of Object.entries(isObject(multiValueHeaders) ? multiValueHeaders : {})) {
    if (Array.isArray(values)) set(result, name, values.map(String));
  }
  if (Array.isArray(cookies)) result['set-cookie'] = cookies.map(String);
  return { status, headers: result, body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

function set(headers: Record<string, string | string[]>, name: string, value: string | string[]): void {
  if (!dropped.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
