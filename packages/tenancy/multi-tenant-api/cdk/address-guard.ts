import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

export interface AddressGuardProps {
  readonly stage: Stage;
  /** How many requests an address may send within any five minutes, 10 to 2,000,000,000. */
  readonly requestsPerAddress: number;
}

/**
 * A web ACL before the stage: an address that sends more is blocked until it sends less, before tokens are looked at, whoever it
 * says it is ("Using rate-based rule statements in AWS WAF"). AWS counts with a delay of seconds: it is for floods, plans are for tenants.
 */
export class AddressGuard extends Construct {
  constructor(scope: Construct, id: string, { stage, requestsPerAddress }: AddressGuardProps) {
    super(scope, id);
    if (!Number.isInteger(requestsPerAddress) || requestsPerAddress < 10 || requestsPerAddress > 2_000_000_000) {
      // "RateBasedStatement", Limit.
      throw new Error(`requestsPerAddress is ${requestsPerAddress}; use a whole number from 10 to 2000000000`);
    }
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples keep whole requests, with their tokens.
      sampledRequestsEnabled: false,
    });
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      description: 'Keeps an address out that floods the API',
      defaultAction: { allow: {} },
      visibilityConfig: visible('AddressGuard'),
      rules: [
        {
          name: 'address-rate',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: { aggregateKeyType: 'IP', evaluationWindowSec: 300, limit: requestsPerAddress },
          },
          visibilityConfig: visible('AddressRate'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'BeforeStage', { webAclArn: acl.attrArn, resourceArn: stage.stageArn });
  }
}
