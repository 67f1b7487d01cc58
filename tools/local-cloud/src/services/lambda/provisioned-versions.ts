import { versionOf } from './function-reference.ts';
import type { FunctionVersion, LambdaFunction } from './state.ts';

/** The version a qualifier of provisioned concurrency stands for now: a number, or an alias. */
export function provisionedVersion(found: LambdaFunction, qualifier: string): FunctionVersion | undefined {
  return versionOf(found, found.aliases.get(qualifier)?.version ?? qualifier);
}

/** How many environments each version of a function keeps ready. */
export function provisionedVersions(found: LambdaFunction): Map<FunctionVersion, number> {
  const wanted = new Map<FunctionVersion, number>();
  for (const [qualifier, { requested }] of found.provisioned) {
    const version = provisionedVersion(found, qualifier);
    if (version) wanted.set(version, requested);
  }
  return wanted;
}
