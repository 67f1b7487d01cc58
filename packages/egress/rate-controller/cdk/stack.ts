import { fileURLToPath } from 'node:url';
import { acknowledge, EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { egressPartner } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { allowPartner, keepsFailing } from '@stackyard/egress/cdk';
import { definePolicy } from '@stackyard/rate-control';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { alarms } from './alarms.ts';
import { Api, longestRequest } from './api.ts';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** What getting permits and giving them back may take beside waiting. */
const exchangesSeconds = 3;

/** Calls the partner for all who ask, together never more often than it allows. */
export class RateControllerStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const permits = new Table(this, 'Permits', {
      partitionKey: { name: 'name', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    acknowledge(
      permits,
      'AwsSolutions-DDB3',
      'Permits of an earlier time would let calls through twice; they start anew',
    );
    const controller = this.#controller(permits);
    this.#initialise(permits, controller);
    const { url, callers } = new Api(this, 'Api', controller, settings);
    alarms(this, settings);
    keepsFailing(this, controller);
    new CfnOutput(this, 'ApiUrl', { value: url, description: 'Wants requests signed for the service execute-api' });
    new CfnOutput(this, 'CallerPolicyArn', { value: callers.managedPolicyArn });
    new CfnOutput(this, 'FunctionName', { value: controller.functionName });
  }

  #controller(permits: Table): EnforcedFunction {
    const partner = resolve(this, this.contextVariables.stage, egressPartner, 'url', 'functionArn');
    const { wait, mostWait, whenStoreFails, policy } = settings;
    const longest = mostWait.toSeconds() + definePolicy(policy).callTimeoutMs / 1000 + exchangesSeconds;
    if (longest > longestRequest.toSeconds()) {
      throw new Error(
        `mostWait, policy.callTimeoutMs and ${exchangesSeconds} s for the permits come to ${longest} s; a request may take ${longestRequest.toSeconds()} s: shorten one of them`,
      );
    }
    const controller = this.#function('Controller', 'handler', permits, {
      description: 'Calls the partner when the caller’s turn comes',
      timeout: longestRequest,
      environment: {
        PARTNER_URL: partner.url,
        WAIT_MS: String(wait.toMilliseconds()),
        MOST_WAIT_MS: String(mostWait.toMilliseconds()),
        WHEN_STORE_FAILS: whenStoreFails,
      },
    });
    allowPartner(controller, partner.functionArn);
    return controller;
  }

  /** Runs whenever the policy or its code has changed; a deployment whose limits contradict the permits that are there fails. */
  #initialise(permits: Table, controller: EnforcedFunction): void {
    const handler = this.#function('Initialise', 'initialise', permits, {
      description: 'Starts the permits of the policy',
      timeout: Duration.seconds(30),
    });
    new Trigger(this, 'Initialised', { handler, executeBefore: [controller] });
  }

  #function(
    id: string,
    file: string,
    permits: Table,
    props: { description: string; timeout: Duration; environment?: Record<string, string> },
  ): EnforcedFunction {
    const fn = new EnforcedFunction(this, id, {
      ...props,
      code: dist,
      handler: `${file}.handler`,
      memorySize: 256,
      environment: { ...props.environment, PERMITS_TABLE: permits.tableName, POLICY: JSON.stringify(settings.policy) },
    });
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources: [permits.tableArn] }),
    );
    return fn;
  }
}
