import { FromStringShapeDeserializer, JsonCodec, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import { errorShape } from './error-shape.ts';
import { type Events, encodeEvents } from './event-stream.ts';
import type { ServiceModel } from './model.ts';
import type { Answer, Protocol } from './protocol.ts';
import { matchRoute } from './rest-route.ts';
import { escapeXml, plainElements, toXml, xmlCodec } from './xml.ts';

/** Values in headers, labels and query strings: the SDK's own converters, timestamps by where they stand. */
const stringSettings = { httpBindings: true, timestampFormat: { default: 6, useTrait: true } } as const;
const fromText = new FromStringShapeDeserializer(stringSettings);
const toText = new ToStringShapeSerializer(stringSettings);
const jsonCodec = new JsonCodec({ jsonName: true, timestampFormat: { default: 7, useTrait: true } });

export const restJsonProtocol: Protocol = restProtocol('rest-json');
export const restXmlProtocol: Protocol = restProtocol('rest-xml');

function restProtocol(name: 'rest-json' | 'rest-xml'): Protocol {
  const json = name === 'rest-json';

  async function readBody(schema: NormalizedSchema, body: Buffer, model: ServiceModel): Promise<unknown> {
    const codec = json ? jsonCodec : xmlCodec(model);
    try {
      return await codec.createDeserializer().read(schema, body.toString());
    } catch (error) {
      const code = json ? 'SerializationException' : 'MalformedXML';
      throw new AwsError(code, (error as Error).message, { status: 400 });
    }
  }

  function bound(...given: Parameters<typeof readBound>): unknown {
    try {
      return readBound(...given);
    } catch (error) {
      throw new AwsError(json ? 'SerializationException' : 'InvalidArgument', (error as Error).message, {
        status: 400,
      });
    }
  }

  function writeBody(schema: NormalizedSchema, value: unknown, model: ServiceModel): string {
    if (!json) return toXml(model, schema, value);
    const serializer = jsonCodec.createSerializer();
    serializer.write(schema, value);
    return serializer.flush().toString();
  }

  return {
    name,
    operationName: (request, model) => matchRoute(request, model).operation.name,

    async readInput(request, operation, model) {
      const { labels } = matchRoute(request, model);
      const input: Record<string, unknown> = {};
      if (!operation.input.isStructSchema()) return input;
      let document = false;
      for (const [member, schema] of operation.input.structIterator()) {
        const traits = schema.getMergedTraits();
        if (traits.httpPayload) {
          if (request.body.length > 0) input[member] = await readPayload(schema, request.body, model);
        } else if (isBound(traits)) {
          const value = bound(member, schema, request, labels);
          if (value !== undefined) input[member] = value;
        } else document = true;
      }
      if (document && request.body.length > 0) {
        const body = (await readBody(operation.input, request.body, model)) as Record<string, unknown> | undefined;
        for (const [member, value] of Object.entries(body ?? {})) input[member] ??= value;
      }
      return input;
    },

    async writeOutput(output, operation, { model, requestId }) {
      const headers: Record<string, string> = json ? {} : { 'x-amz-request-id': requestId };
      let status = operation.traits.http?.[2] ?? 200;
      // A part of an object is answered as such (RFC 9110, section 15.3.7); the model does not say it.
      if (output['ContentRange'] !== undefined) status = 206;
      let body: Answer['body'] | undefined;
      let document = false;
      if (!operation.output.isStructSchema()) return { status, headers, body: '' };
      for (const [member, schema] of operation.output.structIterator()) {
        const traits = schema.getMergedTraits();
        const value = output[member];
        if (traits.httpResponseCode) status = typeof value === 'number' ? value : status;
        else if (schema.isStreaming() && !schema.isBlobSchema()) body = encodeEvents(schema, value as Events);
        else if (traits.httpPayload) body = value === undefined ? '' : payloadBytes(schema, value, model);
        else if (isBound(traits)) Object.assign(headers, writeBound(schema, value));
        else document = true;
      }
      if (body === undefined && document) {
        headers['content-type'] ??= json ? 'application/json' : 'application/xml';
        body = writeBody(operation.output, output, model);
      }
      return { status, headers, body: body ?? '' };
    },

    writeError(error, { request, model, requestId }): Answer {
      const { shape, code, status, members } = errorShape(error, model);
      if (json) {
        return {
          status,
          headers: { 'content-type': 'application/json', 'x-amzn-errortype': shape },
          body: JSON.stringify(members),
        };
      }
      const empty = request.method === 'HEAD' || status === 304;
      return {
        status,
        headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
        body: empty
          ? ''
          : `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>${plainElements(error.members)}<RequestId>${requestId}</RequestId></Error>`,
      };
    },
  };

  async function readPayload(schema: NormalizedSchema, body: Buffer, model: ServiceModel): Promise<unknown> {
    if (schema.isBlobSchema()) return new Uint8Array(body);
    if (schema.isStringSchema()) return body.toString();
    return readBody(schema, body, model);
  }

  function payloadBytes(schema: NormalizedSchema, value: unknown, model: ServiceModel): Uint8Array | string {
    if (schema.isBlobSchema() || schema.isStringSchema()) return value as Uint8Array | string;
    return writeBody(schema, value, model);
  }
}

type Traits = ReturnType<NormalizedSchema['getMergedTraits']>;

function isBound(traits: Traits): boolean {
  return Boolean(
    traits.httpLabel ||
      traits.httpQuery ||
      traits.httpQueryParams ||
      traits.httpHeader ||
      traits.httpPrefixHeaders !== undefined,
  );
}

function readBound(
  member: string,
  schema: NormalizedSchema,
  request: RawRequest,
  labels: Readonly<Record<string, string>>,
): unknown {
  const traits = schema.getMergedTraits();
  if (traits.httpLabel) return labels[member] === undefined ? undefined : fromText.read(schema, labels[member]);
  if (traits.httpQuery) return readQuery(schema, request.query.getAll(traits.httpQuery as string));
  if (traits.httpQueryParams) return Object.fromEntries(request.query);
  if (traits.httpHeader) {
    const header = request.headers[(traits.httpHeader as string).toLowerCase()];
    return header === undefined ? undefined : fromText.read(schema, String(header));
  }
  const prefix = String(traits.httpPrefixHeaders).toLowerCase();
  const found = Object.entries(request.headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

function readQuery(schema: NormalizedSchema, values: readonly string[]): unknown {
  if (values.length === 0) return undefined;
  if (!schema.isListSchema()) return fromText.read(schema, values[0] as string);
  return values.map((value) => fromText.read(schema.getValueSchema(), value));
}

function writeBound(schema: NormalizedSchema, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const traits = schema.getMergedTraits();
  if (traits.httpHeader) {
    toText.write(schema, value);
    return { [(traits.httpHeader as string).toLowerCase()]: toText.flush() };
  }
  return Object.fromEntries(
    Object.entries(value as Record<string, string>).map(([name, text]) => [`${traits.httpPrefixHeaders}${name}`, text]),
  );
}
