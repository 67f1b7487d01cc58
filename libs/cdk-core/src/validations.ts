import { Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { CdkCoreError } from './errors.ts';

const checked = new WeakSet<Stage>();

/** Registers cdk-nag's AwsSolutions pack for the app a construct belongs to, once: a violation fails the synth. */
export function checkWithNag(scope: IConstruct): void {
  const app = Stage.of(scope);
  if (!app || checked.has(app)) return;
  checked.add(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/**
 * Accepts one finding of a rule on a construct and all below it, for a written reason.
 * @param id the rule, e.g. `AwsSolutions-IAM5`, or one finding of it, e.g. `AwsSolutions-IAM5[Resource::*]`
 * @throws CdkCoreError (`ACKNOWLEDGEMENT_WITHOUT_REASON`)
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  if (reason.trim() === '') {
    throw new CdkCoreError('ACKNOWLEDGEMENT_WITHOUT_REASON', [
      `${id} on ${scope.node.path} is acknowledged without a reason; say why the finding does no harm here`,
    ]);
  }
  Validations.of(scope).acknowledge({ id, reason });
}
