import { LuaFactory } from 'wasmoon';
import type { Filter, LogRecord } from './event.ts';
import type { Properties } from './properties.ts';

/**
 * "Lua", Fluent Bit manual: a function of a script, called with tag, time and record, that answers a code, a time and a
 * record: -1 drops the record, 0 leaves it, 1 changes both, 2 changes the record only. Null values do not reach Lua, where they
 * would be absent. Throws ConfigurationError.
 */
export async function luaFilter(
  properties: Properties,
  readFile: (path: string) => string | undefined,
): Promise<Filter> {
  const script = properties.required('script');
  const call = properties.required('call');
  const source = readFile(script);
  if (source === undefined) throw properties.error('script', `the script ${script} is not there`);
  // Its numbers are whole where they have no fraction, with and without this key.
  properties.text('type_int_key');
  const asTable = properties.flag('time_as_table', false);
  const lua = await new LuaFactory().createEngine({ enableProxy: false });
  try {
    await lua.doString(source);
  } catch (error) {
    throw properties.error('script', `${script} cannot be run: ${(error as Error).message}`);
  }
  return (event) => {
    const { seconds, nanoseconds } = event.time;
    const time = asTable ? { sec: seconds, nsec: nanoseconds } : seconds + nanoseconds / 1e9;
    const [code, newTime, record] = lua.global.call(call, event.tag, time, withoutNulls(event.record)) as unknown[];
    if (code === -1) return undefined;
    if (code === 0) return event;
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new Error(`${call} of ${script} answered no record but ${JSON.stringify(record)}`);
    }
    return { ...event, record: record as LogRecord, ...(code === 1 && { time: readTime(newTime) }) };
  };
}

function readTime(time: unknown) {
  if (typeof time === 'object' && time !== null) {
    const { sec, nsec } = time as { sec: number; nsec: number };
    return { seconds: sec, nanoseconds: nsec };
  }
  const seconds = Math.floor(Number(time));
  return { seconds, nanoseconds: Math.round((Number(time) - seconds) * 1e9) };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, withoutNulls(member)]));
}
