import type { Cloud, RawRequest } from '../../../service.ts';
import type { UserPool } from '../state.ts';

/** A request to a pool's domain. */
export interface HostedRequest {
  readonly cloud: Cloud;
  readonly pool: UserPool;
  readonly raw: RawRequest;
  /** `/cognito-domain/<prefix>`, or nothing: what the paths of links and cookies begin with. */
  readonly base: string;
  /** The form of a POST; empty otherwise. */
  readonly form: URLSearchParams;
}

export interface HostedAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body?: string;
}

/** 302 */
export function redirect(location: string, headers: Record<string, string | string[]> = {}): HostedAnswer {
  return { status: 302, headers: { location, ...headers } };
}

/** A document that scripts of every origin may read. */
export function json(status: number, document: object, headers: Record<string, string> = {}): HostedAnswer {
  return {
    status,
    // Apps in browsers call these endpoints from pages of their own.
    headers: { 'content-type': 'application/json;charset=UTF-8', 'access-control-allow-origin': '*', ...headers },
    body: JSON.stringify(document),
  };
}

/** An OAuth 2.0 error (RFC 6749, section 5.2). Cognito answers all of them with 400. */
export class OAuthError extends Error {
  readonly code: string;
  readonly description: string | undefined;

  constructor(code: string, description?: string) {
    super(description ?? code);
    this.name = 'OAuthError';
    this.code = code;
    this.description = description;
  }

  answer(): HostedAnswer {
    return json(400, { error: this.code, ...(this.description && { error_description: this.description }) });
  }
}

/** A page the browser may neither frame nor keep, without scripts. */
export function html(status: number, body: string, headers: Record<string, string | string[]> = {}): HostedAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html;charset=UTF-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body,
  };
}
