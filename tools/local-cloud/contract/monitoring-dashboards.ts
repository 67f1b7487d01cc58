import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `CloudWatch API Reference, ${operation}`;
const structure = 'CloudWatch User Guide, Dashboard Body Structure and Syntax';

const note = (markdown: string) => JSON.stringify({ widgets: [{ type: 'text', properties: { markdown } }] });

async function dashboard(target: Target) {
  const cloudWatch = target.client(CloudWatchClient);
  const DashboardName = target.name();
  const put = (DashboardBody: string) => cloudWatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
  await put(note('first'));
  target.afterwards(() => cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] })));
  const body = async () => (await cloudWatch.send(new GetDashboardCommand({ DashboardName }))).DashboardBody ?? '';
  return { cloudWatch, DashboardName, put, body };
}

/** What is wrong with the dashboard of one widget. */
async function refused(target: Target, widget: object) {
  const input = { DashboardName: target.name(), DashboardBody: JSON.stringify({ widgets: [widget] }) };
  return refusal(target.client(CloudWatchClient).send(new PutDashboardCommand(input)));
}

export const dashboardClaims: readonly Claim[] = [
  {
    operation: 'PutDashboard',
    beside: ['GetDashboard'],
    claim: 'replaces the whole body of a dashboard that is there',
    source: reference('PutDashboard'),
    async run(target) {
      const { put, body } = await dashboard(target);
      const { DashboardValidationMessages } = await put(note('second'));
      expect(DashboardValidationMessages ?? []).toEqual([]);
      expect(JSON.parse(await body())).toEqual(JSON.parse(note('second')));
    },
  },
  {
    operation: 'PutDashboard',
    claim: 'refuses a body that is no JSON object',
    source: reference('PutDashboard'),
    async run(target) {
      const { put } = await dashboard(target);
      expect((await refusal(put('widgets: []'))).message).toBe('The field DashboardBody must be a valid JSON object');
    },
  },
  {
    operation: 'PutDashboard',
    claim: 'refuses a graph without metrics and without an alarm, and names the widget',
    source: structure,
    async run(target) {
      const properties = { region: target.region };
      const { name, message } = await refused(target, { type: 'metric', properties });
      expect(name).toBe('DashboardInvalidInputError');
      expect(message).toMatch(/^The dashboard body is invalid, there are 3 validation errors:/);
      expect(message).toContain('"/widgets/0/properties"');
    },
  },
  {
    operation: 'PutDashboard',
    claim: 'refuses fields of a metric that are no strings',
    source: structure,
    async run(target) {
      const metrics = [['AWS/SQS', 'NumberOfMessagesSent', { QueueName: 'orders' }, { stat: 'Sum' }]];
      const { message } = await refused(target, { type: 'metric', properties: { region: target.region, metrics } });
      expect(message).toContain("Invalid metric field type, only 'String' type is allowed");
    },
  },
  {
    operation: 'PutDashboard',
    claim: 'takes letters, digits, hyphens and underscores in a name',
    limit: '255 characters of A-Z, a-z, 0-9, "-" and "_"',
    source: reference('PutDashboard'),
    async run(target) {
      const input = { DashboardName: `${target.name()} orders`, DashboardBody: note('') };
      const { message } = await refusal(target.client(CloudWatchClient).send(new PutDashboardCommand(input)));
      expect(message).toContain('The value for field DashboardName contains invalid characters.');
    },
  },
  {
    operation: 'GetDashboard',
    claim: 'knows no region in the ARN of a dashboard, and finds it in each',
    source: reference('PutDashboard'),
    async run(target) {
      const { DashboardName } = await dashboard(target);
      const elsewhere = target.client(CloudWatchClient, { region: 'eu-west-1' });
      const { DashboardArn } = await elsewhere.send(new GetDashboardCommand({ DashboardName }));
      expect(DashboardArn).toBe(`arn:aws:cloudwatch::${target.account}:dashboard/${DashboardName}`);
    },
  },
  {
    operation: 'ListDashboards',
    claim: 'lists by the beginning of the name, with the size in bytes',
    source: reference('ListDashboards'),
    async run(target) {
      const { cloudWatch, DashboardName, body } = await dashboard(target);
      const Size = Buffer.byteLength(await body());
      await target.until(async () => {
        const input = { DashboardNamePrefix: DashboardName };
        const { DashboardEntries } = await cloudWatch.send(new ListDashboardsCommand(input));
        expect(DashboardEntries).toMatchObject([{ DashboardName, Size }]);
      });
    },
  },
  {
    operation: 'DeleteDashboards',
    beside: ['GetDashboard'],
    claim: 'deletes none when one of them is not there',
    source: reference('DeleteDashboards'),
    async run(target) {
      const { cloudWatch, DashboardName, body } = await dashboard(target);
      const DashboardNames = [DashboardName, target.name()];
      const { name } = await refusal(cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames })));
      expect(name).toMatch(/DashboardNotFound|ResourceNotFound/);
      expect(await body()).toBe(note('first'));
    },
  },
  {
    operation: 'ListTagsForResource',
    beside: ['PutDashboard'],
    claim: 'answers the tags a dashboard was created with, not those of a later PutDashboard',
    source: reference('PutDashboard'),
    async run(target) {
      const cloudWatch = target.client(CloudWatchClient);
      const DashboardName = target.name();
      for (const Value of ['first', 'second']) {
        const Tags = [{ Key: 'team', Value }];
        await cloudWatch.send(new PutDashboardCommand({ DashboardName, DashboardBody: note(''), Tags }));
      }
      target.afterwards(() => cloudWatch.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] })));
      const ResourceARN = `arn:aws:cloudwatch::${target.account}:dashboard/${DashboardName}`;
      const { Tags } = await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN }));
      expect(Tags).toEqual([{ Key: 'team', Value: 'first' }]);
    },
  },
];
