const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** Whether a value is a time as records have it: ISO 8601 in UTC, down to nanoseconds. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && isoTime.test(value);
}
