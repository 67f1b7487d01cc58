import { CloudFormationClient, CreateChangeSetCommand, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import type { Measurement } from '../figure.ts';
import { median, timed } from '../statistics.ts';
import { withCloud } from './cloud-process.ts';

const rounds = 7;

/** As many resources as CloudFormation takes in one template ("CloudFormation quotas"): two of them are 1,000. */
const resources = 500;

/** Every parameter has the name of one before it as its value: a tree of references. */
const template = JSON.stringify({
  Resources: Object.fromEntries(
    Array.from({ length: resources }, (_, i) => [
      `P${i}`,
      {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: i === 0 ? 'root' : { Ref: `P${i >> 1}` } },
      },
    ]),
  ),
});

/** Change sets of two new stacks of 500 resources each, one after the other, until both say what would be done. */
export const plan: Measurement = {
  title: 'Plan of 1,000 resources',
  run: (say) =>
    withCloud(async ({ client }) => {
      const cloudFormation = new CloudFormationClient(client);
      const planStack = async (StackName: string) => {
        const ChangeSetName = 'plan';
        await cloudFormation.send(
          new CreateChangeSetCommand({ StackName, ChangeSetName, ChangeSetType: 'CREATE', TemplateBody: template }),
        );
        for (;;) {
          const { Status, StatusReason } = await cloudFormation.send(
            new DescribeChangeSetCommand({ StackName, ChangeSetName }),
          );
          if (Status === 'CREATE_COMPLETE') return;
          if (Status === 'FAILED') throw new Error(`The change set failed: ${StatusReason}`);
        }
      };
      const samples: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        say(`plan ${round} of ${rounds}`);
        samples.push(
          await timed(async () => {
            await planStack(`first-${round}`);
            await planStack(`second-${round}`);
          }),
        );
      }
      const measured = `${resources} + ${resources}: a template holds no more`;
      return [
        { name: 'cloud.plan_1000_ms', value: median(samples), unit: 'ms', goal: 1_000, better: 'lower', measured },
      ];
    }),
};
