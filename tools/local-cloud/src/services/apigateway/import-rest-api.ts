import type {
  ImportRestApiCommandInput,
  ImportRestApiCommandOutput,
  PutRestApiCommandInput,
  PutRestApiCommandOutput,
  RestApi,
} from '@aws-sdk/client-api-gateway';
import { type Call, operation } from '../../service.ts';
import { badRequest, unsupported } from './errors.ts';
import { builtInModels } from './models.ts';
import { defineMethods } from './openapi/define-methods.ts';
import { defineParts } from './openapi/define-parts.ts';
import { type Node, readDocument } from './openapi/document.ts';
import { takeOver } from './patch.ts';
import { checkedPolicy } from './resource-policy.ts';
import { apiOf, createRestApi } from './rest-apis.ts';
import { type Api, stateOf } from './state.ts';

/** The body is bytes here, whatever the SDK takes. */
type Bytes<Input> = Omit<Input, 'body'> & { readonly body?: Uint8Array | undefined };

/** An API by its OpenAPI document ("Develop REST APIs using OpenAPI in API Gateway"), or none at all. */
export const importRestApi = operation<Bytes<ImportRestApiCommandInput>, ImportRestApiCommandOutput>({
  run(input, call) {
    const document = readDocument(input.body);
    checkParameters(input.parameters);
    const types = input.parameters?.['endpointConfigurationTypes'];
    const created = createRestApi.run(
      {
        name: nameOf(document),
        ...(types && { endpointConfiguration: { types: [types] as ('EDGE' | 'PRIVATE' | 'REGIONAL')[] } }),
      },
      call,
    ) as RestApi;
    const api = apiOf({ restApiId: created.id }, call);
    try {
      return define(api, document, call);
    } catch (error) {
      stateOf(call).apis.delete(api.id);
      throw error;
    }
  },
});

/**
 * The same in the place of what an API was; its stages serve what was deployed until the next deployment ("Import an OpenAPI file to
 * update an existing API definition", overwrite). What is wrong leaves the API as it was.
 */
export const putRestApi = operation<Bytes<PutRestApiCommandInput>, PutRestApiCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const document = readDocument(input.body);
    checkParameters(input.parameters);
    // "PutRestApi", mode: merge where nothing is said.
    if (input.mode !== 'overwrite') throw unsupported('merging of OpenAPI documents; use mode overwrite');
    const before = structuredClone({ parts: partsOf(api), settings: api.settings });
    empty(api);
    try {
      return define(api, document, call);
    } catch (error) {
      takeOver(api.settings, before.settings);
      for (const [name, part] of Object.entries(partsOf(api))) {
        part.clear();
        for (const [id, value] of before.parts[name] ?? []) part.set(id, value);
      }
      throw error;
    }
  },
});

function checkParameters({ basepath = 'ignore' }: Readonly<Record<string, string>> = {}): void {
  if (basepath !== 'ignore') throw unsupported(`basepath ${basepath}: it ignores base paths`);
}

function nameOf(document: Node): string {
  const title = document['info']?.title;
  if (typeof title !== 'string' || title.trim() === '')
    throw badRequest('Invalid OpenAPI input: info.title is missing');
  return title;
}

function partsOf({ resources, authorizers, models, requestValidators, gatewayResponses }: Api) {
  // biome-ignore lint/suspicious/noExplicitAny: emptied and filled again, whatever they hold.
  const parts: Record<string, Map<string, any>> = {
    resources,
    authorizers,
    models,
    requestValidators,
    gatewayResponses,
  };
  return parts;
}

function empty(api: Api): void {
  for (const part of Object.values(partsOf(api))) part.clear();
  api.resources.set(api.rootResourceId, { id: api.rootResourceId, path: '/', methods: new Map() });
  for (const [name, model] of builtInModels()) api.models.set(name, model);
  // "Any API configurations that aren't explicitly included in the imported body are reset to their default values."
  const optional = ['description', 'version', 'policy', 'binaryMediaTypes', 'minimumCompressionSize'] as const;
  for (const name of optional) delete api.settings[name];
  Object.assign(api.settings, { apiKeySource: 'HEADER', disableExecuteApiEndpoint: false });
}

/** Extensions of a document that are read, and two without effect here. */
const extensions = [
  'api-key-source',
  'binary-media-types',
  'documentation',
  'endpoint-configuration',
  'gateway-responses',
  'importexport-version',
  'minimum-compression-size',
  'policy',
  'request-validator',
  'request-validators',
].map((name) => `x-amazon-apigateway-${name}`);

function checkExtensions(document: Node): void {
  const other = Object.keys(document).find((name) => name.startsWith('x-amazon-') && !extensions.includes(name));
  if (other) throw unsupported(`extension ${other}`);
}

/** Settings last: they are taken over when all else could be made. */
function define(api: Api, document: Node, call: Call): RestApi {
  checkExtensions(document);
  try {
    defineMethods(api, document, defineParts(api, document, call), call);
  } catch (error) {
    // A document may be of any shape: what cannot be read of it is its author's mistake.
    if (error instanceof TypeError) throw badRequest(`Invalid OpenAPI input: ${error.message}`);
    throw error;
  }
  const { info = {} } = document;
  const policy = document['x-amazon-apigateway-policy'];
  const keySource = document['x-amazon-apigateway-api-key-source'];
  const binary = document['x-amazon-apigateway-binary-media-types'];
  const size = document['x-amazon-apigateway-minimum-compression-size'];
  const { disableExecuteApiEndpoint } = document['x-amazon-apigateway-endpoint-configuration'] ?? {};
  return Object.assign(api.settings, {
    name: nameOf(document),
    ...(info.description && { description: String(info.description) }),
    ...(info.version && { version: String(info.version) }),
    ...(keySource && { apiKeySource: String(keySource).toUpperCase() }),
    ...(disableExecuteApiEndpoint !== undefined && { disableExecuteApiEndpoint }),
    ...(binary && { binaryMediaTypes: binary }),
    ...(size !== undefined && { minimumCompressionSize: size }),
    ...(policy && { policy: checkedPolicy(JSON.stringify(policy), { ...call, id: api.id }) }),
  });
}
