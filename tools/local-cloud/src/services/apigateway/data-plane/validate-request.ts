import type { ErrorObject, ValidateFunction } from 'ajv';
import ajvDraft4 from 'ajv-draft-04';
import type { ApiDefinition } from '../state.ts';
import { GatewayError, internalError } from './gateway-error.ts';
import { type GatewayRequest, headerOf } from './gateway-request.ts';

/**
 * "Request validation for REST APIs": required parameters must be there and not empty, a body must fit the model of its content
 * type. Throws BAD_REQUEST_PARAMETERS and BAD_REQUEST_BODY.
 */
export function validateRequest(request: GatewayRequest): void {
  const { method } = request.route ?? {};
  const validator = request.definition.requestValidators.get(method?.requestValidatorId ?? '');
  if (validator?.validateRequestParameters) checkParameters(request);
  if (validator?.validateRequestBody) checkBody(request);
}

function checkParameters(request: GatewayRequest): void {
  const missing = Object.entries(request.route?.method.requestParameters ?? {})
    .filter(([, required]) => required)
    .map(([name]) => name.replace(/^method\.request\./, ''))
    .filter((name) => !parameterOf(request, name))
    .map((name) => name.slice(name.indexOf('.') + 1));
  if (missing.length === 0) return;
  throw new GatewayError('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${missing.join(', ')}]`);
}

function parameterOf(request: GatewayRequest, name: string): string | undefined {
  const [kind = '', key = ''] = name.split(/\.(.*)/s);
  if (kind === 'header') return headerOf(request, key);
  if (kind === 'querystring') return request.query.get(key)?.at(-1);
  return request.route?.pathParameters[key];
}

function checkBody(request: GatewayRequest): void {
  const { requestModels = {} } = request.route?.method ?? {};
  const type = headerOf(request, 'content-type')?.split(';')[0]?.trim() || 'application/json';
  const name = requestModels[type] ?? requestModels['$default'];
  const schema = name === undefined ? undefined : request.definition.models.get(name)?.schema;
  if (!schema) return;
  const validate = validatorOf(request, schema);
  const body = parsed(request.raw.body.toString());
  if (validate(body)) return;
  const validationError = (validate.errors ?? []).map(sentence).join(', ');
  throw new GatewayError('BAD_REQUEST_BODY', 'Invalid request body', { validationError: `[${validationError}]` });
}

/** Compiled once for each deployment. */
const compiled = new WeakMap<ApiDefinition, Map<string, ValidateFunction>>();

function validatorOf({ definition, cloud, api }: GatewayRequest, schema: string): ValidateFunction {
  const known = compiled.get(definition) ?? new Map<string, ValidateFunction>();
  compiled.set(definition, known);
  try {
    const validate =
      known.get(schema) ??
      new ajvDraft4.default({ strict: false, allErrors: true }).compile(withModels(definition, api.id, schema));
    known.set(schema, validate);
    return validate;
  } catch (error) {
    cloud.log(`API ${api.id}: model: ${(error as Error).message}`);
    throw internalError('API_CONFIGURATION_ERROR');
  }
}

/** A reference to another model is its address: `https://apigateway.amazonaws.com/restapis/<api>/models/<name>`. */
function withModels(definition: ApiDefinition, apiId: string, text: string): object {
  const definitions: Record<string, unknown> = {};
  const local = (schema: string): unknown =>
    JSON.parse(schema, (key, value) => {
      const [, name] =
        /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)$/.exec(key === '$ref' ? value : '') ??
        [];
      if (name === undefined) return value;
      if (!(name in definitions)) {
        definitions[name] = {};
        definitions[name] = local(definition.models.get(name)?.schema ?? '{}');
      }
      return `#/definitions/${apiId}-${name}`;
    });
  const schema = local(text) as { definitions?: object };
  const named = Object.fromEntries(Object.entries(definitions).map(([name, one]) => [`${apiId}-${name}`, one]));
  return { ...schema, definitions: { ...schema.definitions, ...named } };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sentence({ keyword, message, params, instancePath }: ErrorObject): string {
  if (keyword === 'required') return `object has missing required properties (["${params['missingProperty']}"])`;
  return `${instancePath} ${message}`.trim();
}
