import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { ExtData, encode } from '@msgpack/msgpack';
import type { Clock } from '../clock.ts';
import type { Place } from '../services/ecs/state.ts';
import { createLineSplitter, type LogPart } from './log-lines.ts';
import type { LogDriver } from './types.ts';

/** Where the router's generated configuration listens, and its socket's place in its root folder. */
export const routerSocket = '/var/run/fluent.sock';

interface FirelensOptions {
  readonly containerName: string;
  readonly containerId: string;
  readonly taskId: string;
  readonly routerRoot: string;
  /** `log-driver-buffer-limit`: how many lines wait for a router that does not take them. */
  readonly options: Readonly<Record<string, string>>;
}

/** "Docker fluentd logging driver": `fluentd-buffer-limit`. */
const defaultBufferLimit = 1_048_576;
const reconnectMs = 100;
/** How long an ended container's lines wait for a router that is not there, and for one that is there and reads them. */
const connectMs = 5000;
const drainMs = 30_000;

/**
 * The awsfirelens driver: Docker's fluentd driver, connected to the router's socket, asynchronously and with times of
 * nanoseconds. Each line becomes a record of container_id, container_name, source and log, tagged
 * `<container>-firelens-<task id>` (amazon-ecs-agent, agent/taskresource/firelens).
 */
export function startFirelens(
  { containerName, containerId, taskId, routerRoot, options }: FirelensOptions,
  { cloud }: Place,
): LogDriver {
  const tag = `${containerName}-firelens-${taskId}`;
  const limit = Number(options['log-driver-buffer-limit'] ?? defaultBufferLimit);
  const sender = createSender(join(routerRoot, routerSocket), limit, cloud.clock);

  function splitterOf(source: 'stdout' | 'stderr') {
    return createLineSplitter((part) => {
      const record = {
        container_id: containerId,
        container_name: containerName,
        source,
        log: part.text,
        ...partialFields(part, taskId),
      };
      sender.send(encode([tag, eventTime(cloud.clock.now()), record]));
    });
  }

  const splitters = { stdout: splitterOf('stdout'), stderr: splitterOf('stderr') };
  return {
    write: (source, chunk) => splitters[source].write(chunk),
    async close() {
      splitters.stdout.end();
      splitters.stderr.end();
      const lost = await sender.close();
      if (lost > 0) cloud.log(`ecs: ${lost} lines of ${tag} did not reach the log router`);
    },
  };
}

function partialFields({ partial }: LogPart, taskId: string) {
  if (!partial) return {};
  return {
    partial_message: 'true',
    partial_id: `${taskId}-${partial.id}`,
    partial_ordinal: String(partial.ordinal),
    partial_last: String(partial.last),
  };
}

/** "Forward Protocol Specification v1", EventTime: extension 0, seconds and nanoseconds of 4 bytes each. */
function eventTime(ms: number): ExtData {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(Math.floor(ms / 1000), 0);
  bytes.writeUInt32BE(Math.round((ms % 1000) * 1e6), 4);
  return new ExtData(0, bytes);
}

/** Sends messages in their order over a connection that is made again when it breaks. */
function createSender(path: string, limit: number, clock: Clock) {
  let waiting: Uint8Array[] = [];
  let dropped = 0;
  let closed = false;
  let late = false;
  let socket: Socket | undefined;
  const idle = Promise.withResolvers<void>();

  function open(): void {
    const next = connect(path);
    socket = next;
    next.once('connect', flush);
    next.on('error', () => undefined);
    next.once('close', () => {
      socket = undefined;
      if (closed && (late || waiting.length === 0)) idle.resolve();
      else clock.after(reconnectMs, open);
    });
  }

  function flush(): void {
    if (!socket || socket.connecting) return;
    const messages = waiting;
    waiting = [];
    if (messages.length > 0) socket.write(Buffer.concat(messages));
    // The router has read everything once it has closed its side.
    if (closed) socket.end();
  }

  open();
  return {
    send(message: Uint8Array): void {
      if (waiting.length >= limit) dropped += 1;
      else waiting.push(message);
      flush();
    },
    /** Resolves with the number of messages that could not be sent. */
    async close(): Promise<number> {
      closed = true;
      flush();
      const cancelConnect = clock.after(connectMs, () => {
        late = true;
        if (!socket || socket.connecting) idle.resolve();
      });
      const cancelDrain = clock.after(drainMs, idle.resolve);
      await idle.promise;
      cancelConnect();
      cancelDrain();
      socket?.destroy();
      return dropped + waiting.length;
    },
  };
}
