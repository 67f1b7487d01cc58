import { parse } from 'yaml';
import { internalError } from './gateway-error.ts';
import { complain, type GatewayRequest } from './gateway-request.ts';
import type { BackendAnswer } from './integrate.ts';
import type { IntegrationRequest } from './integration-request.ts';

/** Integration type MOCK: the request template says with which status, in JSON that need not be strict. */
export function mock(request: GatewayRequest, { body }: IntegrationRequest): BackendAnswer {
  const statusCode = statusIn(body.toString());
  if (statusCode === undefined) {
    complain(request, `the mock integration of ${request.path} renders no statusCode`);
    throw internalError('API_CONFIGURATION_ERROR');
  }
  return { selection: String(statusCode), headers: {}, body: '' };
}

/** `{ statusCode: 200 }`, as CDK writes it, is a flow mapping of YAML. */
function statusIn(text: string): number | undefined {
  try {
    const answer: unknown = parse(text);
    const status = Number((answer as { statusCode?: unknown } | null)?.statusCode);
    return Number.isInteger(status) ? status : undefined;
  } catch {
    return undefined;
  }
}
