import {
  CloudFormationClient,
  DescribeEventsCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DetectStackDriftCommand,
  DetectStackResourceDriftCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { guide, parameter, reference, stacks } from './cloudformation-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about what is told of stacks: templates, resources, events, exports, drift. */
export const descriptionClaims: readonly Claim[] = [
  {
    operation: 'ListExports',
    claim: 'names what stacks export',
    source: guide('Get exported outputs from a deployed CloudFormation stack'),
    async run(target) {
      const { create, cloudFormation } = await stacks(target);
      const Name = target.name();
      const Outputs = { Out: { Value: { Ref: 'One' }, Export: { Name } } };
      await create({ One: parameter(`/${target.name()}`) }, { Outputs });
      const found = [];
      let NextToken: string | undefined;
      do {
        const page = await cloudFormation.send(new ListExportsCommand({ NextToken }));
        found.push(...(page.Exports ?? []));
        NextToken = page.NextToken;
      } while (NextToken);
      expect(found.map((one) => one.Name)).toContain(Name);
    },
  },
  {
    operation: 'ValidateTemplate',
    claim: 'refuses a reference to nothing',
    source: reference('ValidateTemplate'),
    async run(target) {
      const TemplateBody = JSON.stringify({ Resources: { One: parameter('/a', { Ref: 'Nothing' }) } });
      const call = target.client(CloudFormationClient).send(new ValidateTemplateCommand({ TemplateBody }));
      expect(await refusal(call)).toEqual({
        name: 'ValidationError',
        message:
          'Template format error: Unresolved resource dependencies [Nothing] in the Resources block of the template',
      });
    },
  },
  {
    operation: 'DescribeStackResources',
    beside: ['DescribeStackResource', 'ListStackResources', 'ListStacks', 'DescribeStacks'],
    claim: 'lists what ListStackResources lists',
    source: reference('DescribeStackResources'),
    async run(target) {
      const { create, cloudFormation, StackName } = await stacks(target);
      const name = `/${target.name()}`;
      await create({ One: parameter(name) });
      const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
      const listed = await cloudFormation.send(new ListStackResourcesCommand({ StackName }));
      const one = { StackName, LogicalResourceId: 'One' };
      const { StackResourceDetail } = await cloudFormation.send(new DescribeStackResourceCommand(one));
      const ids = [StackResources?.[0], listed.StackResourceSummaries?.[0], StackResourceDetail];
      expect(ids.map((resource) => resource?.PhysicalResourceId)).toEqual([name, name, name]);
      const { StackSummaries } = await cloudFormation.send(
        new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
      );
      expect(StackSummaries?.length).toBeGreaterThan(0);
    },
  },
  {
    operation: 'DescribeStackEvents',
    beside: ['DescribeEvents'],
    claim: 'begins with the newest event',
    source: reference('DescribeStackEvents'),
    async run(target) {
      const { create, cloudFormation, StackName } = await stacks(target);
      await create({ One: parameter(`/${target.name()}`) });
      const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      expect(StackEvents?.[0]).toMatchObject({ LogicalResourceId: StackName, ResourceStatus: 'CREATE_COMPLETE' });
      const { OperationEvents } = await cloudFormation.send(new DescribeEventsCommand({ StackName }));
      expect(OperationEvents?.length).toBeGreaterThanOrEqual(StackEvents?.length ?? 1);
    },
  },
  {
    operation: 'GetTemplate',
    beside: ['GetTemplateSummary'],
    claim: 'gives the template back as it was given',
    source: reference('GetTemplate'),
    async run(target) {
      const { create, cloudFormation, StackName, text } = await stacks(target);
      const resources = { One: parameter(`/${target.name()}`) };
      await create(resources);
      const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
      expect(TemplateBody).toBe(text(resources));
      const { ResourceTypes } = await cloudFormation.send(new GetTemplateSummaryCommand({ StackName }));
      expect(ResourceTypes).toEqual(['AWS::SSM::Parameter']);
    },
  },
  {
    operation: 'ListImports',
    claim: 'names the stacks that import, without which the exporting stack can not go',
    source: guide('Get exported outputs from a deployed CloudFormation stack'),
    async run(target) {
      const [exporting, importing] = [await stacks(target), await stacks(target)];
      const ExportName = target.name();
      const Outputs = { Out: { Value: 'exported', Export: { Name: ExportName } } };
      await exporting.create({ One: parameter(`/${target.name()}`) }, { Outputs });
      const value = { 'Fn::ImportValue': ExportName };
      await importing.create({ One: parameter(`/${target.name()}`, value) });
      const { Imports } = await exporting.cloudFormation.send(new ListImportsCommand({ ExportName }));
      expect(Imports).toEqual([importing.StackName]);
    },
  },
  {
    operation: 'DetectStackDrift',
    beside: ['DescribeStackDriftDetectionStatus', 'DescribeStackResourceDrifts', 'DetectStackResourceDrift'],
    claim: 'finds what was changed beside the stack',
    source: guide('Detect unmanaged configuration changes to stacks and resources with drift detection'),
    async run(target) {
      const { create, cloudFormation, StackName } = await stacks(target);
      const Name = `/${target.name()}`;
      await create({ One: parameter(Name) });
      const ssm = target.client(SSMClient);
      await ssm.send(new PutParameterCommand({ Name, Value: 'by hand', Type: 'String', Overwrite: true }));
      const { StackDriftDetectionId } = await cloudFormation.send(new DetectStackDriftCommand({ StackName }));
      await target.until(async () => {
        const status = await cloudFormation.send(
          new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
        );
        expect(status).toMatchObject({ DetectionStatus: 'DETECTION_COMPLETE', StackDriftStatus: 'DRIFTED' });
      });
      const { StackResourceDrifts } = await cloudFormation.send(new DescribeStackResourceDriftsCommand({ StackName }));
      expect(StackResourceDrifts?.map((drift) => drift.StackResourceDriftStatus)).toEqual(['MODIFIED']);
      const one = { StackName, LogicalResourceId: 'One' };
      const { StackResourceDrift } = await cloudFormation.send(new DetectStackResourceDriftCommand(one));
      expect(StackResourceDrift?.PropertyDifferences?.map(({ PropertyPath }) => PropertyPath)).toEqual(['/Value']);
    },
  },
];
