import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';
import { errorShape } from './error-shape.ts';
import type { Protocol } from './protocol.ts';
import { escapeXml, innerXml, toXml } from './xml.ts';

/** AWS query: a form in (`Action=…&Tags.member.1.Key=…`), XML out. */
export const queryProtocol: Protocol = {
  name: 'query',
  operationName(request) {
    const action = formOf(request).get('Action');
    if (!action) {
      throw new AwsError('MissingAction', 'The request must contain the parameter Action.', { status: 400 });
    }
    return action;
  },
  async readInput(request, operation) {
    const tree = formTree(formOf(request));
    return readStructure(operation.input, tree);
  },
  async writeOutput(output, operation, { model, requestId }) {
    const { name } = operation;
    const result = operation.output.isUnitSchema()
      ? ''
      : `<${name}Result>${innerXml(toXml(model, operation.output, output))}</${name}Result>`;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<${name}Response xmlns="${model.service.xmlNamespace ?? ''}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
    };
  },
  writeError(error, { model, requestId }) {
    const { code, status } = errorShape(error, model);
    const type = status >= 500 ? 'Receiver' : 'Sender';
    return {
      status,
      headers: { 'content-type': 'text/xml' },
      body: `<ErrorResponse xmlns="${model?.service.xmlNamespace ?? ''}"><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  },
};

function formOf(request: { body: Buffer; query: URLSearchParams }): URLSearchParams {
  return request.body.length > 0 ? new URLSearchParams(request.body.toString()) : request.query;
}

/** A form's dotted names as a tree: `Tags.member.1.Key=a` is `{ Tags: { member: { 1: { Key: 'a' } } } }`. */
interface FormTree {
  value?: string;
  readonly children: Map<string, FormTree>;
}

function formTree(form: URLSearchParams): FormTree {
  const root: FormTree = { children: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const part of name.split('.')) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

function read(schema: NormalizedSchema, node: FormTree): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return readScalar(schema, node.value ?? '');
}

function readStructure(schema: NormalizedSchema, node: FormTree): Record<string, unknown> {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(wireName(member) ?? name);
    if (child) structure[name] = read(member, child);
  }
  return structure;
}

function readList(schema: NormalizedSchema, node: FormTree): unknown[] {
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const item = schema.getValueSchema();
  const items = flat ? node : node.children.get(wireName(item) ?? 'member');
  return inOrder(items).map((child) => read(item, child));
}

function readMap(schema: NormalizedSchema, node: FormTree): Record<string, unknown> {
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const key = wireName(schema.getKeySchema()) ?? 'key';
  const value = wireName(schema.getValueSchema()) ?? 'value';
  const entries = inOrder(flat ? node : node.children.get('entry'));
  return Object.fromEntries(
    entries.map((entry) => [
      entry.children.get(key)?.value ?? '',
      read(schema.getValueSchema(), entry.children.get(value) ?? { children: new Map() }),
    ]),
  );
}

function inOrder(node: FormTree | undefined): FormTree[] {
  if (!node) return [];
  return [...node.children]
    .filter(([index]) => /^\d+$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function readScalar(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isNumericSchema()) return number(text);
  if (schema.isTimestampSchema()) return /^[\d.]+$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'));
  return text;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) {
    throw new AwsError('MalformedInput', `'${text}' is not a number`, { status: 400 });
  }
  return value;
}

function wireName(schema: NormalizedSchema): string | undefined {
  return schema.getMergedTraits().xmlName as string | undefined;
}
