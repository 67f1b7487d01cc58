import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement, Role, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

const table = {
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.AWS_MANAGED,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The tenants, the truth about them; and the products, of all tenants in one table. */
export class Data extends Construct {
  readonly tenants: Table;
  readonly products: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.tenants = new Table(this, 'Tenants', {
      ...table,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
    });
    this.products = new Table(this, 'Products', {
      ...table,
      partitionKey: { name: 'tenantId', type: AttributeType.STRING },
      sortKey: { name: 'productId', type: AttributeType.STRING },
    });
  }

  /** A role whose sessions reach the rows of the tenant they are tagged with, and those only. */
  tenantRole(vendor: IRole): Role {
    const role = new Role(this, 'TenantRole', {
      description: 'One session a tenant: its tag TenantId is the only partition key it may name',
      assumedBy: new SessionTagsPrincipal(vendor).withConditions({ StringLike: { 'aws:RequestTag/TenantId': '?*' } }),
    });
    role.addToPolicy(
      new PolicyStatement({
        // Not Scan: a request that names no key would pass a condition on all of its keys.
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        resources: [this.products.tableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`\${aws:PrincipalTag/TenantId}`] },
        },
      }),
    );
    return role;
  }
}
