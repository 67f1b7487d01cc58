import { isObject, parseJson } from './json.ts';
import type { LogRecord } from './record.ts';

/** Puts records that were too large for Kinesis together again. */
export interface PartJoiner {
  /** What can be read now: records that were never cut as they are, others with the last of their parts. */
  take(record: LogRecord): readonly LogRecord[];
  /** The parts whose others have not come, as they are. */
  rest(): readonly LogRecord[];
}

/** Characters of parts that wait for others; beyond them the oldest parts are read as they are. */
const mostWaiting = 64 * 1024 * 1024;

/**
 * Parts may come in any order and between other records. Copies of a record are to be taken out before ({@link identityOf}).
 * A joined record has the sequence number of its first part, and no `part`.
 */
export function createPartJoiner(mostCharacters = mostWaiting): PartJoiner {
  const waiting = new Map<string, LogRecord[]>();
  let characters = 0;

  function release(key: string): LogRecord[] {
    const parts = waiting.get(key) ?? [];
    waiting.delete(key);
    characters -= parts.reduce((sum, part) => sum + lengthOf(part), 0);
    return parts.sort((a, b) => (a.part?.number ?? 0) - (b.part?.number ?? 0));
  }

  return {
    take(record) {
      const { part, environment, sequence } = record;
      if (!part || environment === undefined || sequence === undefined) return [record];
      const key = `${environment}:${sequence - part.number + 1}`;
      const parts = waiting.get(key) ?? [];
      waiting.set(key, [...parts, record]);
      characters += lengthOf(record);
      if (parts.length + 1 === part.count) return [join(release(key))];
      const given: LogRecord[] = [];
      for (const oldest of waiting.keys()) {
        if (characters <= mostCharacters) break;
        given.push(...release(oldest));
      }
      return given;
    },
    rest: () => [...waiting.keys()].flatMap(release),
  };
}

function join(parts: readonly LogRecord[]): LogRecord {
  const { part, message: _, ...first } = parts[0] as LogRecord;
  const text = parts.map(({ message }) => String(message)).join('');
  const read = part?.of === 'json' ? parseJson(text) : undefined;
  return isObject(read) ? { ...first, message: undefined, ...read } : { ...first, message: text };
}

function lengthOf({ message }: LogRecord): number {
  return typeof message === 'string' ? message.length : 0;
}
