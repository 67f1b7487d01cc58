import type { Frame } from './log-frames.ts';
import {
  type PlatformEvent,
  type PlatformRecords,
  type PlatformType,
  systemLevel,
  textLines,
} from './platform-events.ts';
import type { TelemetryRelay } from './telemetry-relay.ts';
import type { EnvironmentLog, EnvironmentSpec } from './types.ts';

/** Everything that is logged in an environment passes here on its way to CloudWatch Logs and to the subscribers. */
export interface EnvironmentLogger {
  platform<Type extends PlatformType>(type: Type, record: PlatformRecords[Type]): void;
  /** A line that a process printed, without its line break. */
  line(source: 'function' | 'extension', text: string): void;
  /** A record from the runtime's telemetry descriptor. */
  frame(frame: Frame): void;
  /** The line that the text format has before END when the runtime or an extension failed. */
  fault(requestId: string, message: string, errorType: string): void;
  /** The invocation that plain lines belong to. */
  requestId: string | undefined;
  /** How many lines of the function have passed. */
  readonly functionLines: number;
}

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

function atLeast(level: string, wanted: string): boolean {
  return levels.indexOf(level) >= levels.indexOf(wanted);
}

export function createEnvironmentLogger(
  spec: EnvironmentSpec,
  relay: TelemetryRelay,
  onLog: (log: EnvironmentLog) => void,
): EnvironmentLogger {
  const json = spec.logFormat === 'JSON';
  const systemFloor = spec.systemLogLevel ?? 'INFO';
  const applicationFloor = spec.applicationLogLevel ?? 'INFO';

  let functionLines = 0;

  function application(time: number, source: 'function' | 'extension', text: string, object: object | undefined): void {
    if (source === 'function') functionLines += 1;
    if (object === undefined || source === 'extension' || atLeast(levelOf(object), applicationFloor)) {
      onLog({ time, message: text });
    }
    relay.push(source, { time: new Date(time).toISOString(), type: source, record: { text, object } });
  }

  const logger: EnvironmentLogger = {
    requestId: undefined,
    get functionLines() {
      return functionLines;
    },
    platform(type, record) {
      const time = spec.clock.now();
      const event = { type, record } as PlatformEvent;
      const entry = { time: new Date(time).toISOString(), type, record };
      if (!json) for (const message of textLines(event)) onLog({ time, message });
      else if (atLeast(systemLevel(event), systemFloor)) onLog({ time, message: JSON.stringify(entry) });
      relay.push('platform', entry);
    },
    line(source, text) {
      const time = spec.clock.now();
      if (!json) return application(time, source, `${text}\n`, undefined);
      const object = parseObject(text);
      if (object) return application(time, source, text, object);
      const wrapped = {
        timestamp: new Date(time).toISOString(),
        level: 'INFO',
        ...(logger.requestId === undefined ? {} : { requestId: logger.requestId }),
        message: text,
      };
      application(time, source, JSON.stringify(wrapped), wrapped);
    },
    frame(frame) {
      // The process has the machine's time; the environment's clock may be ahead of it.
      const time = frame.time + (spec.clock.now() - Date.now());
      application(time, 'function', frame.text, frame.format === 'JSON' ? parseObject(frame.text) : undefined);
    },
    fault(requestId, message, errorType) {
      if (json) return;
      onLog({ time: spec.clock.now(), message: `RequestId: ${requestId} Error: ${message}\n${errorType}\n` });
    },
  };
  return logger;
}

function parseObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A record without a valid level counts as INFO ("Log-level filtering", Lambda guide). */
function levelOf(object: object): string {
  const level = 'level' in object && typeof object.level === 'string' ? object.level.toUpperCase() : 'INFO';
  return levels.includes(level) ? level : 'INFO';
}
