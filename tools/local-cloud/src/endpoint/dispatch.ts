import { AwsError } from '../errors.ts';
import type { Faults } from '../faults/active-faults.ts';
import { modelOf, requiredMembers } from '../protocols/model.ts';
import { type AnyOperation, type Call, type Cloud, type Demand, operationsOf, type Service } from '../service.ts';

/**
 * One call of one operation, whoever makes it: required members, IAM, faults, then the service.
 *
 * The check for required members is generic: AWS answers it alike in all services whose model says `required`
 * ("1 validation error detected: Value null at 'x' failed to satisfy constraint: Member must not be null").
 */
export async function dispatch(
  service: Service,
  operationName: string,
  input: Record<string, unknown>,
  call: Call,
  faults: Faults,
): Promise<Record<string, unknown>> {
  const operation = (await operationsOf(service))[operationName];
  if (!operation) throw await notImplemented(service, operationName, call.cloud);
  await checkRequired(service, operationName, input);
  const demands = await demandsOf(service, operationName, operation, input, call);
  call.cloud.authorize(call.caller, demands, { region: call.region, service: service.name });
  const run = async (given: Record<string, unknown>) => operation.run(given, call);
  const output = await faults.around({ service, operation: operationName, input }, run);
  return (output ?? {}) as Record<string, unknown>;
}

/** 501, so that nobody mistakes a gap of the embedded cloud for an error of AWS. */
export async function notImplemented(service: Service, operationName: string, cloud: Cloud): Promise<AwsError> {
  const operations = await operationsOf(service);
  cloud.log(`not implemented: ${service.name}.${operationName}`);
  return new AwsError(
    'NotImplementedException',
    `The embedded cloud has no ${operationName} in its ${service.name}. It has: ${Object.keys(operations).sort().join(', ')}.`,
    { status: 501 },
  );
}

async function checkRequired(service: Service, operationName: string, input: Record<string, unknown>): Promise<void> {
  const model = await modelOf(service);
  const schema = model.operations.get(operationName)?.input;
  if (!schema?.isStructSchema()) return;
  const missing = requiredMembers(schema).filter((member) => input[member] === undefined || input[member] === null);
  if (missing[0] === undefined) return;
  if (service.missingMember) throw service.missingMember(missing[0]);
  const problems = missing.map(
    (member) =>
      `Value null at '${member.charAt(0).toLowerCase()}${member.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
  const count = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected`;
  const code = service.validationCode ?? (service.xmlNamespace ? 'ValidationError' : 'ValidationException');
  throw new AwsError(code, `${count}: ${problems.join('; ')}`, { status: 400 });
}

async function demandsOf(
  service: Service,
  operationName: string,
  operation: AnyOperation,
  input: Record<string, unknown>,
  call: Call,
): Promise<readonly Demand[]> {
  if (operation.demands) return operation.demands(input, call);
  return [{ action: `${service.iamPrefix ?? service.name}:${operationName}`, resource: '*' }];
}
