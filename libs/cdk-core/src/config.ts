import { assertContextVariables, type ContextVariables, type Stage, type Usage } from './context-variables.ts';

const usageOfStage: Readonly<Record<Stage, Usage>> = {
  dev: 'DEVELOPMENT',
  test: 'PRODUCTION',
  prod: 'PRODUCTION',
  sandbox: 'POC',
};

/**
 * The configuration of a workload in a stage. The stage decides the usage unless the environment variable
 * STACKYARD_USAGE names another, e.g. EPHEMERAL for a stack that removes itself after 24 hours.
 *
 * @param stage dev, test, prod or sandbox; by default the environment variable STACKYARD_STAGE, else dev.
 * @throws CdkCoreError (`CONFIGURATION_INVALID`) with all problems at once.
 */
export function getConfig(
  workload: Pick<ContextVariables, 'context' | 'owner'>,
  stage: string = process.env['STACKYARD_STAGE'] || 'dev',
): ContextVariables {
  // An unknown stage has no usage of its own: PRODUCTION is valid in every stage, so the stage is the one problem reported.
  const usage = process.env['STACKYARD_USAGE'] || (usageOfStage[stage as Stage] ?? 'PRODUCTION');
  return assertContextVariables({ ...workload, stage, usage });
}
