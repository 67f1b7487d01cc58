import { randomBytes } from 'node:crypto';
import type { AuthorizerType, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../service.ts';
import { createAuthorizer } from '../authorizers.ts';
import { badRequest } from '../errors.ts';
import { putGatewayResponse } from '../gateway-responses.ts';
import { createModel } from '../models.ts';
import { createRequestValidator } from '../request-validators.ts';
import type { Api } from '../state.ts';
import { type Node, schemasOf, securitySchemesOf } from './document.ts';

/** What methods say by the names a document has, as API Gateway has it. */
export interface Names {
  /** The model's name of a schema; one that has none is given one. */
  model(schema: Node): string;
  validator(name: string): string | undefined;
  /** How a method's requests are authorized. */
  authorization(method: Node): Node;
}

/** Models, validators, authorizers and gateway responses of a document. */
export function defineParts(api: Api, document: Node, call: Call): Names {
  const place = { restApiId: api.id };
  const addModel = (name: string, schema: Node) =>
    createModel.run({ ...place, name, contentType: 'application/json', schema: schemaText(api, schema) }, call);
  for (const [name, schema] of Object.entries(schemasOf(document))) {
    // Every API has two models of its own, which a document may say anew.
    api.models.delete(name);
    addModel(name, schema);
  }
  const validators = new Map<string, string | undefined>();
  for (const [name, validator] of entries(document, 'x-amazon-apigateway-request-validators')) {
    const made = createRequestValidator.run({ ...place, ...validator, name }, call);
    validators.set(name, (made as { id?: string }).id);
  }
  for (const [responseType, response] of entries(document, 'x-amazon-apigateway-gateway-responses')) {
    const statusCode = response['statusCode'] === undefined ? undefined : String(response['statusCode']);
    putGatewayResponse.run(
      { ...place, ...response, statusCode, responseType: responseType as GatewayResponseType },
      call,
    );
  }
  const authorizers = defineAuthorizers(api, document, call);
  return {
    model(schema) {
      const [, named] = /\/(\w+)$/.exec(schema['$ref'] ?? '') ?? [];
      if (named !== undefined) return named;
      const name = `MODEL${randomBytes(3).toString('hex')}`;
      addModel(name, schema);
      return name;
    },
    validator(name) {
      if (!validators.has(name)) throw badRequest(`There is no request validator ${name}`);
      return validators.get(name);
    },
    authorization: (method) => authorizationOf(document, method, authorizers),
  };
}

const entries = (document: Node, name: string) => Object.entries((document[name] ?? {}) as Record<string, Node>);

/** References to other schemas become the addresses that models have. */
function schemaText({ id }: Api, schema: Node): string {
  return JSON.stringify(schema, (key, value) =>
    key === '$ref' && typeof value === 'string'
      ? `https://apigateway.amazonaws.com/restapis/${id}/models/${value.split('/').at(-1)}`
      : value,
  );
}

/** "x-amazon-apigateway-authorizer object": IDs and types of authorizers by the name of their scheme. */
function defineAuthorizers(api: Api, document: Node, call: Call): ReadonlyMap<string, Node> {
  const made = new Map<string, Node>();
  for (const [name, scheme] of Object.entries(securitySchemesOf(document) as Record<string, Node>)) {
    const given = scheme['x-amazon-apigateway-authorizer'];
    if (!given) continue;
    const type = String(given.type).toUpperCase() as AuthorizerType;
    const byHeader = type === 'REQUEST' ? undefined : `method.request.header.${scheme['name']}`;
    const authorizer = createAuthorizer.run(
      {
        restApiId: api.id,
        name,
        authType: scheme['x-amazon-apigateway-authtype'],
        ...given,
        type,
        identitySource: given.identitySource ?? byHeader,
      },
      call,
    );
    made.set(name, authorizer);
  }
  return made;
}

/** A method's own security, or the document's: authorizers, signatures (`awsSigv4`) and API keys. */
function authorizationOf(document: Node, method: Node, authorizers: ReadonlyMap<string, Node>): Node {
  const schemes = securitySchemesOf(document);
  const requirements = ((method['security'] ?? document['security'] ?? []) as Node[]).flatMap(Object.entries);
  const own = method['x-amazon-apigateway-auth']?.type;
  let authorization: Node = { authorizationType: own === undefined ? 'NONE' : String(own).toUpperCase() };
  let apiKeyRequired = false;
  for (const [name, scopes] of requirements) {
    const authorizer = authorizers.get(name);
    if (authorizer) {
      const isPool = authorizer['type'] === 'COGNITO_USER_POOLS';
      authorization = {
        authorizationType: isPool ? 'COGNITO_USER_POOLS' : 'CUSTOM',
        authorizerId: authorizer['id'],
        ...(isPool && (scopes as string[]).length > 0 && { authorizationScopes: scopes }),
      };
    } else if (schemes[name]?.['x-amazon-apigateway-authtype'] === 'awsSigv4') {
      authorization = { authorizationType: 'AWS_IAM' };
    } else if (schemes[name]?.type === 'apiKey' && /^x-api-key$/i.test(schemes[name].name)) {
      apiKeyRequired = true;
    } else {
      throw badRequest(`The security scheme ${name} is none that API Gateway has`);
    }
  }
  return { ...authorization, apiKeyRequired };
}
