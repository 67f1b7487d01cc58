import type { Change, ResourceIdentifierSummary, ResourceToImport } from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import type { Plan } from '../../cloudformation/plan.ts';
import { providerOf } from '../../cloudformation/providers/index.ts';
import { specificationOf } from '../../cloudformation/resource-specification.ts';
import type { ImportedResource, Stack } from '../../cloudformation/state.ts';
import type { Template } from '../../cloudformation/template.ts';

/**
 * Checks what an IMPORT change set wants ("Import AWS resources into a CloudFormation stack", CloudFormation User Guide):
 * named by their identifiers, with a DeletionPolicy, and with no other change beside. Throws ValidationError.
 */
export async function resourcesToImport(
  { ResourcesToImport: wanted = [] }: { readonly ResourcesToImport?: readonly ResourceToImport[] | undefined },
  template: Template,
  plan: Plan,
  stack: Stack,
): Promise<ImportedResource[]> {
  if (wanted.length === 0) throw validationError('ResourcesToImport must name the resources of an IMPORT change set.');
  const imports: ImportedResource[] = [];
  for (const resource of wanted) imports.push(await readResource(resource, template, stack));

  const unprotected = imports.filter(({ logicalId }) => template.Resources[logicalId]?.DeletionPolicy === undefined);
  if (unprotected.length > 0) {
    throw validationError(
      `The following resources to import [${namesOf(unprotected)}] must have DeletionPolicy attribute specified in the template.`,
    );
  }
  const others = plan.changes.flatMap(({ ResourceChange: change }) =>
    imports.some(({ logicalId }) => logicalId === change?.LogicalResourceId) ? [] : (change?.LogicalResourceId ?? ''),
  );
  const outputs = Object.keys(template.Outputs ?? {}).sort();
  if (
    outputs.join() !==
    stack.outputs
      .map(({ key }) => key)
      .sort()
      .join()
  )
    others.push('Outputs');
  if (others.length > 0) {
    throw validationError(`As part of the import operation, you cannot modify or add [${others.join(', ')}]`);
  }
  return imports;
}

const namesOf = (imports: readonly ImportedResource[]) => imports.map(({ logicalId }) => logicalId).join(', ');

async function readResource(
  { LogicalResourceId = '', ResourceType = '', ResourceIdentifier = {} }: ResourceToImport,
  template: Template,
  stack: Stack,
): Promise<ImportedResource> {
  const definition = template.Resources[LogicalResourceId];
  if (definition?.Type !== ResourceType) {
    throw validationError(
      `Resource [${LogicalResourceId}] to import is not in the template as a resource of type ${ResourceType}`,
    );
  }
  if (stack.resources.has(LogicalResourceId)) {
    throw validationError(`Resource [${LogicalResourceId}] is already part of the stack`);
  }
  const names = await identifierOf(ResourceType);
  if (!names) throw validationError(`ResourceTypes [${ResourceType}] are not supported for Import`);
  const given = Object.keys(ResourceIdentifier);
  if (given.sort().join() !== [...names].sort().join()) {
    throw validationError(
      `Invalid ResourceIdentifier [${given.join(', ')}] for resource ${LogicalResourceId}: ${ResourceType} is identified by [${names.join(', ')}]`,
    );
  }
  return { logicalId: LogicalResourceId, physicalId: names.map((name) => ResourceIdentifier[name]).join('|') };
}

/** The properties that identify a type's resources; `undefined` for types that can't be imported. */
async function identifierOf(type: string): Promise<readonly string[] | undefined> {
  if (!providerOf(type)?.read) return undefined;
  const names = (await specificationOf(type))?.nameProperties ?? [];
  return names.length > 0 ? names : undefined;
}

/** What a change set that imports says it would do. */
export function importChanges({ changes }: Plan, imports: readonly ImportedResource[]): Change[] {
  return changes.map(({ ResourceChange: change, ...rest }) => {
    const physicalId = imports.find(({ logicalId }) => logicalId === change?.LogicalResourceId)?.physicalId;
    return { ...rest, ResourceChange: { ...change, Action: 'Import', PhysicalResourceId: physicalId } };
  });
}

/** How a template's resources are named when they are imported (GetTemplateSummary); `cdk import` asks for these. */
export async function identifierSummaries({ Resources }: Template): Promise<ResourceIdentifierSummary[]> {
  const byType = Map.groupBy(Object.entries(Resources), ([, { Type }]) => Type);
  const summaries: ResourceIdentifierSummary[] = [];
  for (const [ResourceType, resources] of byType) {
    const names = await identifierOf(ResourceType);
    const LogicalResourceIds = resources.map(([logicalId]) => logicalId);
    if (names) summaries.push({ ResourceType, LogicalResourceIds, ResourceIdentifiers: [...names] });
  }
  return summaries;
}
