const w3c = /^(?!0{32})[0-9a-f]{32}$/;
const xRay = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;
const headerRoot = /(?:^|;)\s*Root=([^;]+)/;

/**
 * A trace's id as W3C and OpenTelemetry write it: 32 hexadecimal digits, not all zero. X-Ray's own form
 * (`1-58406520-a006649127e371903a2de979`) is the same number with a version and hyphens ("Sending trace data to AWS X-Ray", X-Ray
 * Developer Guide), so that one trace has one id whoever logs it. Undefined when it is neither.
 */
export function readTraceId(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const id = value.toLowerCase().replace(xRay, '$1$2');
  return isTraceId(id) ? id : undefined;
}

/** Whether a value is a trace's id as records have it. */
export function isTraceId(value: unknown): value is string {
  return typeof value === 'string' && w3c.test(value);
}

/** The same of a tracing header, `Root=1-…;Parent=…;Sampled=1`, as `X-Amzn-Trace-Id` and `_X_AMZN_TRACE_ID` hold it. */
export function readTraceHeader(value: unknown): string | undefined {
  return typeof value === 'string' ? readTraceId(headerRoot.exec(value)?.[1]) : undefined;
}
