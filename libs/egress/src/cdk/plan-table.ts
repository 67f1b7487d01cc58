import { acknowledge } from '@stackyard/cdk-core';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Where a function's plans are kept: the table that Powertools' DynamoDBPersistenceLayer expects, items going by themselves. */
export class PlanTable extends Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    acknowledge(
      this,
      'AwsSolutions-DDB3',
      'Plans matter for as long as deliveries come again; yesterday’s are worth nothing',
    );
  }

  /** The four actions that Powertools uses. */
  allow(consumer: IFunction): void {
    const actions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
    consumer.addToRolePolicy(new PolicyStatement({ actions, resources: [this.tableArn] }));
  }
}
