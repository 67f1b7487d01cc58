import { CborCodec } from '@smithy/core/cbor';
import { JsonCodec } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from '@smithy/types';
import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import { errorShape } from './error-shape.ts';
import { type Events, encodeRpcEvents } from './event-stream.ts';
import type { Protocol } from './protocol.ts';

/** 7 = epoch seconds, what AWS JSON uses unless a member's trait says otherwise. */
const jsonSettings = { jsonName: false, timestampFormat: { default: 7, useTrait: true } } as const;

/** AWS JSON 1.0 and 1.1: the operation is in X-Amz-Target, the content type is answered as it came. */
export const jsonProtocol: Protocol = bodyProtocol('json', new JsonCodec(jsonSettings), (body) => body.toString());

/** The same with CBOR bodies, which the Java SDK and the Kinesis Client Library send. */
export const cborProtocol: Protocol = bodyProtocol('cbor', new CborCodec(), (body) => new Uint8Array(body));

function bodyProtocol(
  name: 'json' | 'cbor',
  codec: Codec<string | Uint8Array, string | Uint8Array>,
  bodyOf: (body: Buffer) => string | Uint8Array,
): Protocol {
  const contentType = (request: RawRequest) => request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  return {
    name,
    operationName(request) {
      const target = request.headers['x-amz-target'];
      const rpc = /^\/service\/[^/]+\/operation\/([A-Za-z0-9]+)$/.exec(request.path);
      const operation = rpc?.[1] ?? (typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '');
      if (!operation) throw new AwsError('UnknownOperationException', '', { status: 400 });
      return operation;
    },
    async readInput(request, operation) {
      if (request.body.length === 0) return {};
      try {
        return (await codec.createDeserializer().read(operation.input, bodyOf(request.body))) ?? {};
      } catch (error) {
        throw new AwsError('SerializationException', (error as Error).message, { status: 400 });
      }
    },
    async writeOutput(output, operation, { request }) {
      const events = eventMember(operation.output);
      if (events) {
        const body = encodeRpcEvents(events.schema, output[events.name] as Events);
        return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body };
      }
      const serializer = codec.createSerializer();
      if (operation.output.isUnitSchema()) {
        return { status: 200, headers: { 'content-type': contentType(request) }, body: '' };
      }
      serializer.write(operation.output, output);
      return { status: 200, headers: { 'content-type': contentType(request) }, body: serializer.flush() };
    },
    writeError(error, { request, model }) {
      const { shape, code, status, members } = errorShape(error, model);
      const queryError = model?.service.queryCompatible && {
        'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}`,
      };
      return {
        status,
        headers: { 'content-type': contentType(request), 'x-amzn-errortype': shape, ...queryError },
        body: encodeError({ __type: shape, ...members }),
      };
    },
  };

  function encodeError(document: Record<string, unknown>): string | Uint8Array {
    if (name === 'json') return JSON.stringify(document, withBase64);
    const serializer = codec.createSerializer();
    // 15 = a document: whatever the value is.
    serializer.write(15, document);
    return serializer.flush();
  }
}

/** The member of an output that is a stream of events, if there is one. */
function eventMember(output: NormalizedSchema): { name: string; schema: NormalizedSchema } | undefined {
  if (!output.isStructSchema()) return undefined;
  for (const [name, schema] of output.structIterator()) {
    if (schema.isStreaming() && !schema.isBlobSchema()) return { name, schema };
  }
  return undefined;
}

/** JSON.stringify's replacer: bytes as AWS JSON writes them. */
function withBase64(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
}
