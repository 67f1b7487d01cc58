import { validationError } from './errors.ts';
import { evaluateResource } from './evaluate-resource.ts';
import { failureReason } from './failure-reason.ts';
import { buildGraph, resourcesOf } from './graph.ts';
import { processTemplate } from './loops.ts';
import { type Operation, setResourceStatus, setStackStatus } from './operation.ts';
import { evaluateOutputs } from './outputs.ts';
import { resourceRequest } from './resource-request.ts';
import { newRecord } from './resource-steps.ts';
import { viewOf } from './resource-view.ts';
import { type StackScope, stackScope } from './scope.ts';
import { type Deployment, type ImportedResource, liveStacks, type StackResource, stateOf } from './state.ts';
import type { ResourceDefinition } from './template.ts';

/**
 * Takes resources that exist into the stack, without touching them; ends as IMPORT_COMPLETE, or as
 * IMPORT_ROLLBACK_COMPLETE with the stack as it was ("Import AWS resources into a CloudFormation stack", User Guide).
 */
export async function importResources(
  operation: Operation,
  deployment: Deployment,
  imports: readonly ImportedResource[],
  roleArn: string | undefined,
): Promise<void> {
  const { stack } = operation;
  const before = stack.deployment;
  stack.deployment = deployment;
  stack.roleArn = roleArn;
  stack.changeSets.clear();
  setStackStatus(operation, 'IMPORT_IN_PROGRESS', 'User Initiated');

  const template = processTemplate(deployment.templateBody, deployment.parameters);
  const scope = await stackScope(operation, template, deployment.parameters, (id) => viewOf(stack.resources.get(id)));
  const graph = buildGraph(template, scope.conditions);
  const definitions = resourcesOf(template, scope.conditions);
  const failed: string[] = [];
  for (const [logicalId, dependencies] of graph) {
    const imported = imports.find((one) => one.logicalId === logicalId);
    if (!imported || failed.length > 0) continue;
    const definition = definitions.get(logicalId) as ResourceDefinition;
    const isDone = await importOne(operation, imported, { definition, dependencies, scope, deployment });
    if (!isDone) failed.push(logicalId);
  }
  if (failed.length > 0) {
    takeBack(operation, imports, failed);
    stack.deployment = before;
    return setStackStatus(operation, 'IMPORT_ROLLBACK_COMPLETE');
  }
  stack.description = template.Description;
  stack.outputs = await evaluateOutputs(template, scope);
  setStackStatus(operation, 'IMPORT_COMPLETE');
}

interface ImportContext {
  readonly definition: ResourceDefinition;
  readonly dependencies: readonly string[];
  readonly scope: StackScope;
  readonly deployment: Deployment;
}

/** Whether it worked; an event says why it did not. */
async function importOne(
  operation: Operation,
  { logicalId, physicalId }: ImportedResource,
  { definition, dependencies, scope, deployment }: ImportContext,
): Promise<boolean> {
  const next = await evaluateResource(logicalId, definition, scope, deployment.tags);
  const record = { ...newRecord(logicalId, definition, next, dependencies), physicalId };
  operation.stack.resources.set(logicalId, record);
  setResourceStatus(operation, record, 'IMPORT_IN_PROGRESS', 'Resource import started.');
  try {
    const owner = ownerOf(operation, record);
    if (owner !== undefined) throw validationError(`${physicalId} already exists in stack ${owner}`);
    const request = { ...resourceRequest(operation, record, operation.signal), physicalId };
    const found = await next.provider.read?.(request);
    if (!found)
      throw validationError(`Resource of type '${record.type}' with identifier '${physicalId}' was not found.`);
    record.attributes = found.attributes ?? {};
    setResourceStatus(operation, record, 'IMPORT_COMPLETE', 'Resource import completed.');
    return true;
  } catch (error) {
    setResourceStatus(operation, record, 'IMPORT_FAILED', failureReason(error));
    return false;
  }
}

/** The ARN of another stack that has the resource: one belongs to one stack. */
function ownerOf(
  { cloud, account, region, stack }: Operation,
  { type, physicalId }: StackResource,
): string | undefined {
  const others = liveStacks(stateOf(cloud, account, region)).filter((other) => other !== stack);
  return others.find(({ resources }) =>
    [...resources.values()].some((resource) => resource.type === type && resource.physicalId === physicalId),
  )?.id;
}

function takeBack(operation: Operation, imports: readonly ImportedResource[], failed: readonly string[]): void {
  const { resources } = operation.stack;
  const reason = `The following resource(s) failed to import: [${failed.join(', ')}]. `;
  setStackStatus(operation, 'IMPORT_ROLLBACK_IN_PROGRESS', reason);
  for (const { logicalId } of imports) {
    const record = resources.get(logicalId);
    if (record?.status === 'IMPORT_COMPLETE') setResourceStatus(operation, record, 'IMPORT_ROLLBACK_COMPLETE');
    resources.delete(logicalId);
  }
}
