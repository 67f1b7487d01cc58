import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { needsTag, parseNeeds } from '@stackyard/contracts';

/**
 * Names of the stacks in the caller's account and region that need one of the contexts an assembly's stacks provide.
 * The truth is what is deployed, not what this checkout contains.
 */
export async function standingDependents(assembly: string): Promise<string[]> {
  const provided = await contextsOf(assembly);
  const client = new CloudFormationClient({});
  const standing: string[] = [];
  for await (const page of paginateDescribeStacks({ client }, {})) {
    for (const { StackName, StackStatus, Tags } of page.Stacks ?? []) {
      if (StackStatus === 'DELETE_COMPLETE') continue;
      const needs = parseNeeds(Tags?.find(({ Key }) => Key === needsTag)?.Value);
      if (StackName && needs.some((context) => provided.has(context))) standing.push(StackName);
    }
  }
  return standing.sort();
}

interface Manifest {
  artifacts: Record<string, { type: string; properties?: { tags?: Record<string, string> } }>;
}

async function contextsOf(assembly: string): Promise<Set<string>> {
  const manifest = JSON.parse(await readFile(join(assembly, 'manifest.json'), 'utf8')) as Manifest;
  const contexts = Object.values(manifest.artifacts)
    .filter(({ type }) => type === 'aws:cloudformation:stack')
    .map(({ properties }) => `${properties?.tags?.['stage']}/${properties?.tags?.['context']}`);
  return new Set(contexts);
}
