import { join } from 'node:path';
import { ExtData, encode } from '@msgpack/msgpack';
import type { Place } from '../services/ecs/state.ts';
import { createForwardSender } from './forward-sender.ts';
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
  const sender = createForwardSender(join(routerRoot, routerSocket), limit, cloud.clock);

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
