import { invalidParameter, validate } from './errors.ts';

/** "Lambda quotas": environment variables of a function, together. Bytes of their JSON. */
const largestVariables = 4096;
const namePattern = /^[a-zA-Z]([a-zA-Z0-9_])+$/;

/** "Reserved environment variables" of "Working with Lambda environment variables". */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** Throws InvalidParameterValueException for reserved names and too many bytes, ValidationException for bad names. */
export function checkVariables(variables: Readonly<Record<string, string>>): void {
  const names = Object.keys(variables);
  const taken = names.filter((name) => reserved.has(name));
  const complaint =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  if (taken.length > 0) {
    throw invalidParameter(
      `${complaint} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  }
  const wrong = names.find((name) => !namePattern.test(name));
  if (wrong !== undefined) {
    validate(
      `Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: ${namePattern.source.slice(1, -1)}]; '${wrong}' does not`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > largestVariables) {
    throw invalidParameter(`${complaint} exceeded the 4KB limit. String measured: ${measured}`);
  }
}
