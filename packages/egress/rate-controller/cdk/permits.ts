import { acknowledge, EnforcedFunction } from '@stackyard/cdk-core';
import type { PolicyInput } from '@stackyard/rate-control';
import { Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';

/** The permits of a policy: a table that whoever calls the partner shares. */
export class Permits extends Construct {
  readonly #table: Table;
  readonly #policy: PolicyInput;

  constructor(scope: Construct, id: string, policy: PolicyInput) {
    super(scope, id);
    this.#policy = policy;
    this.#table = new Table(this, 'Table', {
      partitionKey: { name: 'name', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    acknowledge(
      this.#table,
      'AwsSolutions-DDB3',
      'Permits of an earlier time would let calls through twice; they start anew',
    );
  }

  /** Lets a function exchange permits. */
  share(fn: EnforcedFunction): void {
    fn.addEnvironment('PERMITS_TABLE', this.#table.tableName);
    fn.addEnvironment('POLICY', JSON.stringify(this.#policy));
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources: [this.#table.tableArn] }),
    );
  }

  /**
   * Starts the permits, before others use them, whenever the policy or its code has changed. A deployment whose limits contradict the
   * permits that are there fails.
   */
  initialise(code: string, users: readonly EnforcedFunction[]): void {
    const handler = new EnforcedFunction(this, 'Initialise', {
      description: 'Starts the permits of the policy',
      code,
      handler: 'initialise.handler',
      memorySize: 256,
      timeout: Duration.seconds(30),
    });
    this.share(handler);
    new Trigger(this, 'Initialised', { handler, executeBefore: [...users] });
  }
}
