import { parse } from 'yaml';
import { badRequest } from '../errors.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is its author's; what is made of it is checked by the operations that make it.
export type Node = Readonly<Record<string, any>>;

/** A document of OpenAPI 2.0 or 3.0, JSON or YAML. Throws BadRequestException for anything else. */
export function readDocument(body: Uint8Array | undefined): Node {
  const document = parsed(Buffer.from(body ?? []).toString());
  const version = String(document?.['swagger'] ?? document?.['openapi'] ?? '');
  if (!document || !/^(2\.0|3\.0(\.\d+)?)$/.test(version)) {
    throw badRequest(
      `Invalid OpenAPI input: it has OpenAPI 2.0 and 3.0, not ${version || 'a document without version'}`,
    );
  }
  if (typeof document['paths'] !== 'object') throw badRequest('Invalid OpenAPI input: paths are missing');
  return document;
}

function parsed(text: string): Node | undefined {
  try {
    const document = parse(text);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch (error) {
    throw badRequest(`Unable to parse API definition: ${(error as Error).message}`);
  }
}

/** What stands in the place of a reference within the document. Throws BadRequestException when nothing does. */
export function resolved(document: Node, node: Node): Node {
  const reference = node['$ref'];
  if (typeof reference !== 'string') return node;
  const steps = reference.replace(/^#\//, '').split('/');
  const found = steps.reduce<Node | undefined>((at, step) => at?.[step], document);
  if (!found) throw badRequest(`Unable to find what ${reference} refers to`);
  return found;
}

export const schemasOf = (document: Node): Node => document['definitions'] ?? document['components']?.schemas ?? {};

export const securitySchemesOf = (document: Node): Node =>
  document['securityDefinitions'] ?? document['components']?.securitySchemes ?? {};

/** Media types with the schema each of them has, of a request's body or a response. */
export function contentOf(
  node: Node | undefined,
  schema: Node | undefined,
  types: readonly string[] | undefined,
): readonly (readonly [type: string, schema: Node])[] {
  if (node?.['content']) {
    const entries = Object.entries(node['content'] as Node);
    return entries.flatMap(([type, { schema: own }]) => (own ? [[type, own as Node] as const] : []));
  }
  const wanted = types ?? ['application/json'];
  return schema ? wanted.map((type) => [type, schema] as const) : [];
}
