import { readFileSync } from 'node:fs';
import { withLogger } from '@stackyard/handler-kit/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { problem } from './problem.ts';

const { SIGN_IN_URL = '', CLIENT_ID = '' } = process.env;
const read = (name: string) => readFileSync(new URL(`pages/${name}`, import.meta.url), 'utf8');
const page = read('index.html').replace('{{signIn}}', SIGN_IN_URL).replace('{{clientId}}', CLIENT_ID);

const files: Readonly<Record<string, readonly [type: string, content: string]>> = {
  '/': ['text/html', page],
  '/dashboard.css': ['text/css', read('dashboard.css')],
  '/dashboard.js': ['text/javascript', read('dashboard.js')],
};

/** The page on which a tenant sees its quota, and the two files it is made with. Public: it holds nothing of anybody. */
export const handler = withLogger<APIGatewayProxyEvent, APIGatewayProxyResult>(async ({ resource }) => {
  const [type, body] = files[resource] ?? [];
  if (type === undefined || body === undefined) return problem(404, 'Not Found');
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${SIGN_IN_URL}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  };
  return { statusCode: 200, headers, body };
});
