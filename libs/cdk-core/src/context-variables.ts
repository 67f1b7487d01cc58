import { CdkCoreError } from './errors.ts';

export const stages = ['dev', 'test', 'prod', 'sandbox'] as const;
export type Stage = (typeof stages)[number];

export const usages = ['PRODUCTION', 'DEVELOPMENT', 'EPHEMERAL', 'POC'] as const;
export type Usage = (typeof usages)[number];

/** The stages that may hold development, ephemeral and experimental stacks. */
const experimentalStages: readonly string[] = ['dev', 'sandbox'];

/** What every stack says about itself: in its tags, its name and its SSM parameters. */
export interface ContextVariables {
  /** The workload, e.g. `observability-core`: lower-case words joined by hyphens. */
  readonly context: string;
  readonly stage: Stage;
  /** The team that answers for the stack. */
  readonly owner: string;
  readonly usage: Usage;
}

// Stack names start with a letter and hold letters, digits and hyphens; the context is a part of them and of SSM names.
const contextPattern = /^[a-z][a-z0-9-]*$/;
// Characters of a tag's value that every service accepts (Tagging AWS Resources: tag naming limits).
const ownerPattern = /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u;

/** Every problem of the variables, each with its way out; empty when they are valid. */
export function validateContextVariables({
  context,
  stage,
  owner,
  usage,
}: Record<keyof ContextVariables, string>): string[] {
  const problems: string[] = [];
  if (!contextPattern.test(context)) {
    problems.push(
      `context is "${context}"; name the workload in lower-case words joined by hyphens, e.g. "lambda-zip"`,
    );
  }
  if (!ownerPattern.test(owner)) {
    problems.push(
      `owner is "${owner}"; name the team that answers for the stack, as a tag value of 1 to 256 characters`,
    );
  }
  const knownStage = (stages as readonly string[]).includes(stage);
  const knownUsage = (usages as readonly string[]).includes(usage);
  if (!knownStage) problems.push(`stage is "${stage}"; set STACKYARD_STAGE to one of ${stages.join(', ')}`);
  if (!knownUsage) problems.push(`usage is "${usage}"; set STACKYARD_USAGE to one of ${usages.join(', ')}`);
  if (knownStage && knownUsage && usage !== 'PRODUCTION' && !experimentalStages.includes(stage)) {
    problems.push(
      `usage ${usage} is not allowed in stage ${stage}; use PRODUCTION there, or deploy to ${experimentalStages.join(' or ')}`,
    );
  }
  return problems;
}

/** @throws CdkCoreError (`CONFIGURATION_INVALID`) with all problems at once. */
export function assertContextVariables(variables: Record<keyof ContextVariables, string>): ContextVariables {
  const problems = validateContextVariables(variables);
  if (problems.length > 0) throw new CdkCoreError('CONFIGURATION_INVALID', problems);
  return variables as ContextVariables;
}
