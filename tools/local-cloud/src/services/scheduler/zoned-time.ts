/** Whether the name is one of the IANA time zone database, such as `Europe/Paris`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Milliseconds since the epoch at which clocks of the zone show `yyyy-mm-ddThh:mm:ss`; `undefined` when there is no such
 * date. A time that the change to summer time leaves out is taken by the offset before the change, and so comes later.
 */
export function zonedTime(local: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${local}Z`);
  // 30 February and the like roll over into the next month, which the date itself gives away.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== local) return undefined;
  const dayBefore = asUtc - 86_400_000;
  const before = asUtc - offsetAt(dayBefore, timeZone);
  const exact = asUtc - offsetAt(before, timeZone);
  return offsetAt(exact, timeZone) === asUtc - exact ? exact : before;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}
