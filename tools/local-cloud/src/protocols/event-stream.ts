import { EventStreamCodec } from '@smithy/core/event-streams';
import { JsonCodec } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { MessageHeaders } from '@smithy/types';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);
const jsonCodec = new JsonCodec({ jsonName: true, timestampFormat: { default: 7, useTrait: true } });

/** Each has one member of its union; without any, the stream ends at once. */
export type Events = AsyncIterable<Record<string, unknown>> | undefined;

/**
 * Events of a union as messages of `application/vnd.amazon.eventstream` ("Amazon Event Stream Specification", Smithy). A
 * member that is the event's payload goes as it is, other events as JSON.
 */
export async function* encodeEvents(union: NormalizedSchema, events: Events): AsyncGenerator<Uint8Array> {
  for await (const event of events ?? []) {
    const [name = '', value] = Object.entries(event).find(([, member]) => member !== undefined) ?? [];
    const { body, contentType } = bodyOf(union.getMemberSchema(name), value as Record<string, unknown>);
    const headers: MessageHeaders = {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: name },
      ':content-type': { type: 'string', value: contentType },
    };
    yield codec.encode({ headers, body });
  }
}

/** The same for operations without HTTP bindings, whose other output comes first, as `initial-response`; Kinesis's has none. */
export async function* encodeRpcEvents(union: NormalizedSchema, events: Events): AsyncGenerator<Uint8Array> {
  const headers: MessageHeaders = {
    ':message-type': { type: 'string', value: 'event' },
    ':event-type': { type: 'string', value: 'initial-response' },
    ':content-type': { type: 'string', value: 'application/json' },
  };
  yield codec.encode({ headers, body: Buffer.from('{}') });
  yield* encodeEvents(union, events);
}

function bodyOf(schema: NormalizedSchema, value: Record<string, unknown>): { body: Uint8Array; contentType: string } {
  for (const [member, memberSchema] of schema.structIterator()) {
    if (!memberSchema.getMergedTraits().eventPayload || !memberSchema.isBlobSchema()) continue;
    return { body: value[member] as Uint8Array, contentType: 'application/octet-stream' };
  }
  const serializer = jsonCodec.createSerializer();
  serializer.write(schema, value);
  return { body: Buffer.from(serializer.flush()), contentType: 'application/json' };
}
