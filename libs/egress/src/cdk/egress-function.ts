import { contextVariablesOf, EnforcedFunction } from '@stackyard/cdk-core';
import { egressPartner } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { allowPartner } from './allow-partner.ts';
import { PlanTable } from './plan-table.ts';

export interface EgressFunctionProps {
  readonly description: string;
  /** Absolute path of the folder that the package's build wrote; the handler is `handler` of its `handler.mjs`. */
  readonly code: string;
  readonly timeout: Duration;
  /** For event sources that know no limit of their own. */
  readonly reservedConcurrentExecutions?: number;
}

/** A function that may call the egress partner of its stage, at `PARTNER_URL`, and keeps its plans in a table, `PLANS_TABLE`. */
export class EgressFunction extends EnforcedFunction {
  constructor(scope: Construct, id: string, props: EgressFunctionProps) {
    const { stage } = contextVariablesOf(scope);
    const { url, functionArn } = resolve(scope, stage, egressPartner, 'url', 'functionArn');
    const plans = new PlanTable(scope, `${id}Plans`);
    super(scope, id, {
      ...props,
      handler: 'handler.handler',
      memorySize: 256,
      environment: { PARTNER_URL: url, PLANS_TABLE: plans.tableName },
    });
    plans.allow(this);
    allowPartner(this, functionArn);
  }
}
