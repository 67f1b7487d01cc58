import { Cron } from 'croner';

/** When something runs again, in milliseconds since the epoch: the first time after `from`, if there is one. */
export type NextTime = (from: number) => number | undefined;

const months = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const weekdays = 'SUN|MON|TUE|WED|THU|FRI|SAT';

/** What one field may hold: numbers within bounds or names, and the special entries of that field. */
interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: string;
  readonly special?: RegExp;
}

/** "Cron expressions", Schedule types in EventBridge Scheduler and in rules (User Guides). */
const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { least: 1, most: 12, names: months },
  { least: 1, most: 7, names: weekdays, special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { least: 1970, most: 2199 },
];

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)`. One of the two days is `?`; `L`, `W` and `#` are known.
 * `undefined` when AWS would refuse it. Local times that a change to summer time leaves out don't run, those that come
 * twice run once, as "Daylight savings time on EventBridge Scheduler" (User Guide) says.
 */
export function readCron(expression: string, timeZone = 'UTC'): NextTime | undefined {
  const [, text] = /^cron\(([^()]+)\)$/.exec(expression) ?? [];
  const given = text?.trim().toUpperCase().split(/\s+/) ?? [];
  if (given.length !== fields.length || !given.every((value, i) => isValid(value, fields[i] as Field)))
    return undefined;
  if ((given[2] === '?') === (given[4] === '?')) return undefined;
  const cron = parse(given, timeZone);
  if (!cron) return undefined;
  return (from) => {
    let time = cron.nextRun(new Date(from));
    // What falls into the gap of a change to summer time is moved behind it: such a run is left out.
    while (time && !cron.match(time)) time = cron.nextRun(time);
    return time?.getTime();
  };
}

function parse([minutes, hours, day, month, weekday, year]: readonly string[], timezone: string): Cron | undefined {
  // The last day of the week is Saturday.
  const pattern = `0 ${minutes} ${hours} ${day} ${month} ${weekday === 'L' ? '7' : weekday} ${year}`;
  try {
    return new Cron(pattern, {
      timezone,
      mode: '7-part',
      alternativeWeekdays: true,
      sloppyRanges: true,
      domAndDow: true,
      fixedTimeRule: 'no-wildcard',
    });
  } catch {
    return undefined;
  }
}

function isValid(value: string, { least, most, names, special }: Field): boolean {
  if (special?.test(value)) return true;
  const within = (text: string | undefined) => {
    if (text === undefined) return true;
    if (names && new RegExp(`^(${names})$`).test(text)) return true;
    return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  };
  return value.split(',').every((entry) => {
    const [range = '', step, ...more] = entry.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    if (range === '*') return true;
    const [from, to, ...others] = range.split('-');
    return others.length === 0 && within(from) && within(to);
  });
}
