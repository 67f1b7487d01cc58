import { validationError } from './errors.ts';
import type { Operation } from './operation.ts';
import { exportsOf, liveStacks, type Stack, type StackOutput, stateOf } from './state.ts';

/**
 * Whether a stack may have these outputs: an export's name belongs to one stack of the account and region, and one that
 * is imported can neither go nor change ("Get exported outputs", CloudFormation User Guide). Throws ValidationError.
 */
export function checkExports({ cloud, account, region, stack }: Operation, outputs: readonly StackOutput[]): void {
  const state = stateOf(cloud, account, region);
  const taken = exportsOf(state);
  const names = new Map(outputs.flatMap(({ exportName, value }) => (exportName ? [[exportName, value] as const] : [])));
  for (const name of names.keys()) {
    const owner = taken.get(name)?.stack;
    if (owner && owner !== stack) {
      throw validationError(`Export with name ${name} is already exported by stack ${owner.name}`);
    }
  }
  for (const { exportName, value } of stack.outputs) {
    if (!exportName || names.get(exportName) === value) continue;
    const importer = importerOf(exportName, liveStacks(state), stack);
    if (!importer) continue;
    throw validationError(
      names.has(exportName)
        ? `Cannot update export ${exportName} as it is in use by ${importer.name}`
        : `Delete canceled. Cannot delete export ${exportName} as it is in use by ${importer.name}.`,
    );
  }
}

function importerOf(name: string, stacks: readonly Stack[], owner: Stack): Stack | undefined {
  return stacks.find((stack) => stack !== owner && stack.imports.includes(name));
}
