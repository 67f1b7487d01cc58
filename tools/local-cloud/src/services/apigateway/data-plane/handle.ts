import { admit } from './admission.ts';
import { authorize } from './authorize.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { gatewayResponse, type HttpAnswer } from './gateway-response.ts';
import { integrate } from './integrate.ts';
import { matchResource } from './match-resource.ts';
import { validateRequest } from './validate-request.ts';
import { blockedByWebAcl } from './web-acl.ts';

/** "Amazon API Gateway quotas": payload size, not to be increased. */
const largestBody = 10_485_760;

/** Web ACL → path → method → who may call it → how often → the integration. Errors become the API's gateway responses. */
export async function answer(request: GatewayRequest): Promise<HttpAnswer> {
  try {
    const blocked = blockedByWebAcl(request);
    if (blocked) return blocked;
    findMethod(request);
    if (request.raw.body.length > largestBody) throw new GatewayError('REQUEST_TOO_LARGE', 'Request Too Long');
    await authorize(request);
    admit(request);
    validateRequest(request);
    const answered = await integrate(request);
    return { ...answered, headers: { 'x-amzn-trace-id': request.traceId, ...answered.headers } };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    request.error = error;
    return gatewayResponse(request, error);
  }
}

/** A path or method the deployment lacks is answered like a missing signature: nobody learns what there is. */
function findMethod(request: GatewayRequest): void {
  const { method } = request.raw;
  const candidates = [...request.definition.resources.values()].filter(
    ({ methods }) => methods.has(method) || methods.has('ANY'),
  );
  const match = matchResource(candidates, request.path);
  const found = match?.resource.methods.get(method) ?? match?.resource.methods.get('ANY');
  if (!match || !found) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
  request.route = { resource: match.resource, method: found, pathParameters: match.parameters };
}
