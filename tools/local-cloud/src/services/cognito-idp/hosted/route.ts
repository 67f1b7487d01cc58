import type { Route } from '../../../service.ts';
import { domainOf } from '../domain-address.ts';

/** The sign-in pages and OAuth 2.0 endpoints of every pool that has a domain. */
export const hostedPages: Route = {
  matches: (request) => domainOf(request) !== undefined,
  async handle(request, response, cloud) {
    // Loaded when somebody comes: most clouds never show a page.
    const { answerHosted } = await import('./endpoints.ts');
    const { status, headers, body } = await answerHosted(request, cloud);
    response.writeHead(status, { 'cache-control': 'no-store', ...headers });
    response.end(body);
  },
};
