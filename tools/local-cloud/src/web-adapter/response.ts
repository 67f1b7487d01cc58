import type { IncomingHttpHeaders } from 'node:http';

export interface ServerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Status, headers and cookies of an answer, as payload format 2.0 and the prelude of a streamed response have them. */
export function headOf({ status, headers }: Pick<ServerResponse, 'status' | 'headers'>) {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || ['set-cookie', 'transfer-encoding'].includes(name)) continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { statusCode: status, headers: kept, cookies: headers['set-cookie'] ?? [] };
}

/** A buffered answer in payload format 2.0. */
export function gatewayResponse(response: ServerResponse): string {
  const { body, headers } = response;
  const text = isText(headers);
  return JSON.stringify({
    ...headOf(response),
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  });
}

/** What an event that was no HTTP request is answered: JSON in text, else nothing. */
export function passThroughResponse({ body, headers }: ServerResponse): string {
  try {
    return isText(headers) ? JSON.stringify(JSON.parse(body.toString())) : 'null';
  } catch {
    return 'null';
  }
}

/** The types that the runtime client under the adapter sends as they are; it encodes others in base64 (lambda_http). */
function isText(headers: IncomingHttpHeaders): boolean {
  if (headers['content-encoding'] !== undefined) return false;
  const type = headers['content-type'];
  if (type === undefined || headers['x-lambda-http-content-encoding'] === 'text') return true;
  if (/^(text|application\/(json|javascript|xml|yaml))/.test(type)) return true;
  return /\+(xml|yaml|json)$/.test(type.split(';')[0]?.trim() ?? '');
}
