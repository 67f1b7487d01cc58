import type {
  DeleteResourcePolicyCommandInput,
  DeleteResourcePolicyCommandOutput,
  DescribeResourcePoliciesCommandInput,
  DescribeResourcePoliciesCommandOutput,
  PutResourcePolicyCommandInput,
  PutResourcePolicyCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { between, lengthBetween, notNull } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import type { PolicyDocument, PolicyStatement } from '../../iam/policy-document.ts';
import { type Call, operation } from '../../service.ts';
import { invalidParameter, limitExceeded, validate } from './errors.ts';
import { pageOf } from './page.ts';
import { logsOf, type ResourcePolicy } from './state.ts';

/** PutResourcePolicy, CloudWatch Logs API Reference: policies of one account and region. */
const mostPolicies = 10;

const demands = (action: string) => () => [{ action: `logs:${action}`, resource: '*' }];

export const putResourcePolicy = operation<PutResourcePolicyCommandInput, PutResourcePolicyCommandOutput>({
  demands: demands('PutResourcePolicy'),
  run(input, call) {
    const { policyName: name, policyDocument: document } = input;
    if (input.resourceArn) throw unsupported();
    validate(
      notNull('policyName', name),
      notNull('policyDocument', document),
      lengthBetween('policyDocument', document, 1, 5120),
    );
    const policy = { name: name as string, document: document as string, updated: call.cloud.clock.now() };
    statementsOf(policy);
    const policies = policiesOf(call);
    if (!policies.has(policy.name) && policies.size >= mostPolicies) throw limitExceeded();
    policies.set(policy.name, policy);
    return { resourcePolicy: outputOf(policy) };
  },
});

export const describeResourcePolicies = operation<
  DescribeResourcePoliciesCommandInput,
  DescribeResourcePoliciesCommandOutput
>({
  demands: demands('DescribeResourcePolicies'),
  run(input, call) {
    if (input.resourceArn || input.policyScope === 'RESOURCE') throw unsupported();
    validate(between('limit', input.limit, 1, 50));
    const policies = [...policiesOf(call).values()];
    const { page, nextToken } = pageOf(policies, ({ name }) => name, input.nextToken, input.limit ?? 50);
    return { resourcePolicies: page.map(outputOf), ...(nextToken !== undefined && { nextToken }) };
  },
});

export const deleteResourcePolicy = operation<DeleteResourcePolicyCommandInput, DeleteResourcePolicyCommandOutput>({
  demands: demands('DeleteResourcePolicy'),
  run({ policyName = '' }, call) {
    if (policiesOf(call).delete(policyName)) return {};
    throw new AwsError('ResourceNotFoundException', `Policy with name [${policyName}] does not exist.`);
  },
});

/** What the account's policies say to an AWS service; they say nothing to anybody else (the same page). */
export function policyForServices(call: Call): PolicyDocument | undefined {
  if (call.caller.type !== 'service') return undefined;
  return { Version: '2012-10-17', Statement: [...policiesOf(call).values()].flatMap(statementsOf) };
}

function policiesOf({ cloud, account, region }: Call): Map<string, ResourcePolicy> {
  return logsOf(cloud, account, region).resourcePolicies;
}

function statementsOf({ document }: ResourcePolicy): readonly PolicyStatement[] {
  try {
    const statements = [(JSON.parse(document) as PolicyDocument).Statement ?? []].flat();
    if (statements.length > 0 && statements.every((one) => one?.Effect !== undefined)) return statements;
  } catch {
    // Told below.
  }
  throw invalidParameter('Invalid policy document: it is no JSON policy with statements.');
}

function outputOf({ name, document, updated }: ResourcePolicy) {
  return { policyName: name, policyDocument: document, lastUpdatedTime: updated };
}

function unsupported(): AwsError {
  const message = 'The embedded cloud knows resource policies of the account, not of single log groups (resourceArn).';
  return new AwsError('NotImplementedException', message, { status: 501 });
}
