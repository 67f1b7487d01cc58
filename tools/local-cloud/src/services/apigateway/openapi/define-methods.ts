import type { ContentHandlingStrategy, IntegrationType } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../service.ts';
import { badRequest } from '../errors.ts';
import { putIntegration, putIntegrationResponse } from '../integrations.ts';
import { putMethod, putMethodResponse } from '../methods.ts';
import { createResource } from '../resources.ts';
import type { Api } from '../state.ts';
import type { Names } from './define-parts.ts';
import { contentOf, type Node, resolved } from './document.ts';

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'x-amazon-apigateway-any-method'];

/** The resources and methods of a document's paths. */
export function defineMethods(api: Api, document: Node, names: Names, call: Call): void {
  for (const [path, item] of Object.entries(document['paths'] as Node)) {
    const resourceId = resourceAt(api, path, call);
    for (const verb of verbs) {
      if (!item[verb]) continue;
      const httpMethod = verb.startsWith('x-') ? 'ANY' : verb.toUpperCase();
      const parameters = [...(item['parameters'] ?? []), ...(item[verb].parameters ?? [])];
      const given = { ...item[verb], parameters: parameters.map((one: Node) => resolved(document, one)) };
      defineMethod({ restApiId: api.id, resourceId, httpMethod }, given, { document, names, call });
    }
  }
}

/** The resource of a path, made with those above it where they are not there. */
function resourceAt(api: Api, path: string, call: Call): string {
  if (!path.startsWith('/')) throw badRequest(`Resource path must start with a slash: ${path}`);
  let parentId = api.rootResourceId;
  for (const pathPart of path.split('/').filter(Boolean)) {
    const known = [...api.resources.values()].find((one) => one.parentId === parentId && one.pathPart === pathPart);
    const made = known ?? createResource.run({ restApiId: api.id, parentId, pathPart }, call);
    parentId = (made as { id?: string }).id ?? '';
  }
  return parentId;
}

interface Place {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

interface Within {
  readonly document: Node;
  readonly names: Names;
  readonly call: Call;
}

function defineMethod(place: Place, given: Node, { document, names, call }: Within): void {
  const parameters = given['parameters'] as readonly Node[];
  const body = parameters.find((one) => one['in'] === 'body')?.['schema'];
  const requestBody = given['requestBody'] && resolved(document, given['requestBody']);
  const consumed = contentOf(requestBody, body, given['consumes'] ?? document['consumes']);
  const validator = given['x-amazon-apigateway-request-validator'] ?? document['x-amazon-apigateway-request-validator'];
  putMethod.run(
    {
      ...place,
      ...names.authorization(given),
      requestParameters: parameterNames(parameters),
      requestModels: Object.fromEntries(consumed.map(([type, schema]) => [type, names.model(schema)])),
      ...(given['operationId'] && { operationName: given['operationId'] }),
      ...(validator && { requestValidatorId: names.validator(validator) }),
    },
    call,
  );
  for (const [statusCode, response] of Object.entries((given['responses'] ?? {}) as Node)) {
    // AWS has no response for every status: "Amazon API Gateway important notes for REST APIs".
    if (!/^\d{3}$/.test(statusCode)) continue;
    const { schema, headers = {}, ...rest } = resolved(document, response);
    const produced = contentOf(rest, schema, given['produces'] ?? document['produces']);
    const responseModels = Object.fromEntries(produced.map(([type, one]) => [type, names.model(one)]));
    const responseParameters = Object.fromEntries(
      Object.keys(headers).map((name) => [`method.response.header.${name}`, false]),
    );
    putMethodResponse.run({ ...place, statusCode, responseModels, responseParameters }, call);
  }
  const integration = given['x-amazon-apigateway-integration'];
  if (integration) defineIntegration(place, integration, call);
}

const places: Readonly<Record<string, string>> = { path: 'path', query: 'querystring', header: 'header' };

/** `method.request.querystring.size`, and whether it has to be there. */
function parameterNames(parameters: readonly Node[]): Record<string, boolean> {
  return Object.fromEntries(
    parameters
      .filter((one) => places[one['in']] !== undefined)
      .map((one) => [`method.request.${places[one['in']]}.${one['name']}`, one['required'] === true]),
  );
}

/** "x-amazon-apigateway-integration object": types and behaviours in lower case, responses by the pattern that selects them. */
function defineIntegration(place: Place, given: Node, call: Call): void {
  const { responses = {}, type = '', httpMethod, passthroughBehavior, contentHandling, ...rest } = given;
  putIntegration.run(
    {
      ...rest,
      ...place,
      type: String(type).toUpperCase() as IntegrationType,
      integrationHttpMethod: httpMethod,
      ...(passthroughBehavior && { passthroughBehavior: String(passthroughBehavior).toUpperCase() }),
      ...(contentHandling && { contentHandling: String(contentHandling).toUpperCase() as ContentHandlingStrategy }),
    },
    call,
  );
  for (const [pattern, response] of Object.entries(responses as Node)) {
    const selectionPattern = pattern === 'default' ? undefined : pattern;
    const statusCode = String(response.statusCode);
    putIntegrationResponse.run({ ...place, ...response, statusCode, selectionPattern }, call);
  }
}
