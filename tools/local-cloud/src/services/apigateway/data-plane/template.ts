import { JSONPath } from 'jsonpath-plus';
import { Compile, parse } from 'velocityjs';
import type { ApiDefinition } from '../state.ts';
import { requestContext } from './context.ts';
import { type GatewayRequest, single } from './gateway-request.ts';

/** What a template may change of the request or response it belongs to ("Override your API's parameters and status codes"). */
export interface Overrides {
  readonly requestOverride: {
    header: Record<string, string>;
    querystring: Record<string, string>;
    path: Record<string, string>;
  };
  readonly responseOverride: { header: Record<string, string>; status?: number | string };
}

export interface Rendered extends Overrides {
  readonly text: string;
}

/**
 * Renders a mapping template ("Mapping template transformations for REST APIs", and the reference of its variables) for a body: the
 * request's, or the response of the integration. What is not defined is rendered as nothing. Throws what the template throws.
 */
export function renderTemplate(template: string, request: GatewayRequest, body: string): Rendered {
  const overrides: Overrides = {
    requestOverride: { header: {}, querystring: {}, path: {} },
    responseOverride: { header: {} },
  };
  const context = {
    input: inputVariable(request, body),
    context: { ...requestContext(request), ...overrides },
    stageVariables: { ...request.stage.variables },
    util,
  };
  const compiled = new Compile(parsed(request.definition, template), { escape: false, customMethodHandlers });
  return { text: compiled.render(context, {}, true), ...overrides };
}

/** Parsed once for each deployment. */
const parsedTemplates = new WeakMap<ApiDefinition, Map<string, ReturnType<typeof parse>>>();

function parsed(definition: ApiDefinition, template: string): ReturnType<typeof parse> {
  const known = parsedTemplates.get(definition) ?? new Map<string, ReturnType<typeof parse>>();
  parsedTemplates.set(definition, known);
  const there = known.get(template) ?? parse(template);
  known.set(template, there);
  return there;
}

function inputVariable(request: GatewayRequest, body: string) {
  const params: Readonly<Record<'path' | 'querystring' | 'header', Record<string, string>>> = {
    path: { ...request.route?.pathParameters },
    querystring: single(request.query) ?? {},
    header: single(request.headers) ?? {},
  };
  return {
    body,
    path: (path: string) => printable(at(body, path)),
    json: (path: string) => JSON.stringify(at(body, path) ?? ''),
    params(name?: string) {
      if (name === undefined) return params;
      return params.path[name] ?? params.querystring[name] ?? params.header[name] ?? '';
    },
  };
}

function at(body: string, path: string): unknown {
  const json: unknown = body.trim() === '' ? {} : JSON.parse(body);
  if (typeof json !== 'object' || json === null) return path === '$' ? json : undefined;
  return JSONPath({ path, json, wrap: false, eval: 'safe' });
}

const util = {
  escapeJavaScript: (text: unknown) =>
    JSON.stringify(String(text)).slice(1, -1).replaceAll("'", "\\'").replaceAll('/', '\\/'),
  parseJson: (text: string) => printable(JSON.parse(text)),
  urlEncode: (text: unknown) => encodeURIComponent(String(text)).replaceAll('%20', '+'),
  urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll('+', '%20')),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(String(text), 'base64').toString(),
};

/** JSON that prints as Java's does: maps as `{a=1}`, lists as JSON. */
function printable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) printable(item);
  const text = Array.isArray(value)
    ? () => JSON.stringify(value)
    : () =>
        `{${Object.entries(value)
          .map(([key, item]) => `${key}=${item}`)
          .join(', ')}}`;
  return Object.defineProperty(value, 'toString', { value: text });
}

interface MethodCall {
  readonly property: string;
  readonly params: readonly unknown[];
  readonly context: unknown;
}

/** Methods of Java's strings, lists and maps that templates use and the library lacks or does otherwise. */
const customMethodHandlers = [
  // A header, parameter or variable that is not there is empty.
  handler('get', isMap, (map, [key]) => map[String(key)] ?? ''),
  handler('containsKey', isMap, (map, [key]) => Object.hasOwn(map, String(key))),
  handler('isEmpty', isMap, (map) => Object.keys(map).length === 0),
  handler('isEmpty', Array.isArray, (list) => list.length === 0),
  handler('isEmpty', isString, (text) => text === ''),
  handler('contains', isString, (text, [part]) => text.includes(String(part))),
  handler('equals', isString, (text, [other]) => text === other),
  handler('equalsIgnoreCase', isString, (text, [other]) => text.toLowerCase() === String(other).toLowerCase()),
  handler('matches', isString, (text, [pattern]) => new RegExp(`^(?:${pattern})$`).test(text)),
  handler('replaceAll', isString, (text, [pattern, by]) => text.replace(new RegExp(String(pattern), 'g'), String(by))),
  handler('length', isString, (text) => text.length),
];

function handler<Type>(
  name: string,
  is: (value: unknown) => value is Type,
  resolve: (value: Type, params: readonly unknown[]) => unknown,
) {
  return {
    uid: `java: ${name}`,
    match: ({ property, context }: MethodCall) => property === name && is(context),
    resolve: ({ context, params }: MethodCall) => resolve(context as Type, params),
  };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
