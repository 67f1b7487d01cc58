import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import { errorShape } from './error-shape.ts';
import type { Answer, Protocol } from './protocol.ts';
import { escapeXml, innerXml, toXml } from './xml.ts';

/** AWS query: a form in (`Action=…&Tags.member.1.Key=…`), XML out. */
export const queryProtocol: Protocol = {
  name: 'query',
  operationName,
  async readInput(request, operation, { service }) {
    const input = readStructure(operation.input, formTree(formOf(request)), 'query');
    // A request may be sent to the queue's own URL instead of naming it ("Making Query API requests", SQS Developer Guide).
    const isQueue = service.name === 'sqs' && /^\/\d{12}\/[^/]+$/.test(request.path);
    return isQueue ? { QueueUrl: `http://${request.headers.host}${request.path}`, ...input } : input;
  },
  async writeOutput(output, operation, { model, requestId }) {
    const { name } = operation;
    const result = operation.output.isUnitSchema()
      ? ''
      : `<${name}Result>${innerXml(toXml(model, operation.output, output))}</${name}Result>`;
    return xmlAnswer(
      200,
      `<${name}Response xmlns="${model.service.xmlNamespace ?? ''}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
    );
  },
  writeError(error, { model, requestId }) {
    const { code, status } = errorShape(error, model);
    const type = status >= 500 ? 'Receiver' : 'Sender';
    return xmlAnswer(
      status,
      `<ErrorResponse xmlns="${model?.service.xmlNamespace ?? ''}"><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    );
  },
};

/** EC2's dialect of it ("AWS EC2 query protocol", Smithy): `VpcId.1=…&Filter.1.Value.1=…`. */
export const ec2QueryProtocol: Protocol = {
  name: 'ec2-query',
  operationName,
  async readInput(request, operation) {
    return readStructure(operation.input, formTree(formOf(request)), 'ec2');
  },
  async writeOutput(output, operation, { model, requestId }) {
    const result = operation.output.isUnitSchema() ? '' : innerXml(toXml(model, operation.output, output));
    return xmlAnswer(
      200,
      `<${operation.name}Response xmlns="${model.service.xmlNamespace ?? ''}"><requestId>${requestId}</requestId>${result}</${operation.name}Response>`,
    );
  },
  writeError(error, { model, requestId }) {
    const { code, status } = errorShape(error, model);
    return xmlAnswer(
      status,
      `<Response><Errors><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  },
};

function operationName(request: RawRequest): string {
  const action = formOf(request).get('Action');
  if (!action) {
    throw new AwsError('MissingAction', 'The request must contain the parameter Action.', { status: 400 });
  }
  return action;
}

function xmlAnswer(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

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

/** The dialects differ in the names of members and in whether lists have a level of their own. */
type Dialect = 'query' | 'ec2';

function read(schema: NormalizedSchema, node: FormTree, dialect: Dialect): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node, dialect);
  if (schema.isListSchema()) return readList(schema, node, dialect);
  if (schema.isMapSchema()) return readMap(schema, node, dialect);
  return readScalar(schema, node.value ?? '');
}

function readStructure(schema: NormalizedSchema, node: FormTree, dialect: Dialect): Record<string, unknown> {
  const structure: Record<string, unknown> = {};
  if (!schema.isStructSchema()) return structure;
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(memberName(name, member, dialect));
    if (child) structure[name] = read(member, child, dialect);
  }
  return structure;
}

function memberName(name: string, member: NormalizedSchema, dialect: Dialect): string {
  const wire = wireName(member) ?? name;
  if (dialect === 'query') return wire;
  const own = member.getMergedTraits().ec2QueryName as string | undefined;
  return own ?? wire.charAt(0).toUpperCase() + wire.slice(1);
}

function readList(schema: NormalizedSchema, node: FormTree, dialect: Dialect): unknown[] {
  const flat = dialect === 'ec2' || Boolean(schema.getMergedTraits().xmlFlattened);
  const item = schema.getValueSchema();
  const items = flat ? node : node.children.get(wireName(item) ?? 'member');
  return inOrder(items).map((child) => read(item, child, dialect));
}

function readMap(schema: NormalizedSchema, node: FormTree, dialect: Dialect): Record<string, unknown> {
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const key = wireName(schema.getKeySchema()) ?? 'key';
  const value = wireName(schema.getValueSchema()) ?? 'value';
  const entries = inOrder(flat ? node : node.children.get('entry'));
  return Object.fromEntries(
    entries.map((entry) => [
      entry.children.get(key)?.value ?? '',
      read(schema.getValueSchema(), entry.children.get(value) ?? { children: new Map() }, dialect),
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
