import {
  CloudWatchClient,
  type DashboardInvalidInputError,
  GetDashboardCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { App, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  AlarmWidget,
  Color,
  CustomWidget,
  Dashboard,
  DashboardVariable,
  GaugeWidget,
  GraphWidget,
  GraphWidgetView,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  Metric,
  SingleValueWidget,
  TableWidget,
  TextWidget,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  cloud = await startStackCloud();
  cloudWatch = cloud.client(CloudWatchClient);
});
afterAll(() => cloud.close());

const bodyOf = async (DashboardName: string | undefined) =>
  JSON.parse((await cloudWatch.send(new GetDashboardCommand({ DashboardName }))).DashboardBody ?? '');

/** What CloudWatch says of one widget. */
async function messagesOf(widget: object) {
  const DashboardBody = JSON.stringify({ widgets: [widget] });
  const call = cloudWatch.send(new PutDashboardCommand({ DashboardName: 'refused', DashboardBody }));
  const error: DashboardInvalidInputError = await call.then(
    () => expect.unreachable(),
    (failure) => failure,
  );
  expect(error.name).toBe('DashboardInvalidInputError');
  return error.dashboardValidationMessages?.map(({ DataPath, Message }) => [DataPath, Message]);
}
const graph = (properties: object) => ({ type: 'metric', properties: { region: 'us-east-1', ...properties } });

describe('a dashboard is refused with everything that is wrong with it', () => {
  const metric = '/widgets/0/properties/metrics/0';
  test.each<[what: string, widget: object, messages: readonly (readonly string[])[]]>([
    [
      'an unknown type',
      { type: 'chat', properties: {} },
      [['/widgets/0/type', 'Should be equal to one of the allowed values']],
    ],
    [
      'nothing to draw',
      graph({}),
      [
        ['/widgets/0/properties', "Should have required property 'metrics'"],
        ['/widgets/0/properties', "Should have required property 'annotations'"],
        [
          '/widgets/0/properties',
          'The metric widget should have specified a region and a data source or an alarm annotation',
        ],
      ],
    ],
    [
      'no alarms',
      { type: 'alarm', properties: { alarms: [] } },
      [['/widgets/0/properties/alarms', 'Should NOT have less than 1 items']],
    ],
    ['too wide', { type: 'text', width: 25, properties: { markdown: '' } }, [['/widgets/0/width', 'Should be <= 24']]],
    [
      'a metric that is no list',
      graph({ metrics: ['AWS/SQS'] }),
      [
        [
          metric,
          'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element',
        ],
      ],
    ],
    [
      'a field of a metric that is no string',
      graph({ metrics: [['AWS/SQS', 'Age', { QueueName: 'orders' }, { stat: 'Sum' }]] }),
      [[`${metric}/2`, "Invalid metric field type, only 'String' type is allowed"]],
    ],
    [
      'a colour by its name',
      graph({ metrics: [['AWS/SQS', 'Age', { color: 'red' }]] }),
      [[metric, 'Should NOT have more than 2 items']],
    ],
    [
      'an unknown statistic',
      graph({ metrics: [['AWS/SQS', 'Age', 'QueueName', 'orders', { stat: 'Sample count' }]] }),
      [[metric, 'Should NOT have more than 4 items']],
    ],
  ])('%s', async (_what, widget, messages) => {
    expect(await messagesOf(widget)).toEqual(messages);
  });
});

function synthesised(widgets: (stack: Stack) => readonly IWidget[]): string {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Shop');
  const dashboard = new Dashboard(stack, 'Dashboard', {
    defaultInterval: Duration.hours(3),
    variables: [
      new DashboardVariable({
        id: 'function',
        type: VariableType.PROPERTY,
        inputType: VariableInputType.INPUT,
        value: 'FunctionName',
      }),
    ],
  });
  dashboard.addWidgets(...widgets(stack));
  const { Parameters: _parameters, Rules: _rules, ...rest } = app.synth().getStackByName('Shop').template;
  return JSON.stringify(rest);
}

test('a dashboard of CDK with every widget there is deploys, and changes in place', { timeout: 60_000 }, async () => {
  const age = new Metric({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensionsMap: { QueueName: 'orders' },
    statistic: 'p99.9',
    period: Duration.minutes(1),
    color: Color.RED,
    label: 'age',
  });
  const rate = new MathExpression({
    expression: 'FILL(errors, 0) / age',
    usingMetrics: { errors: age.with({ statistic: 'Sum' }), age },
  });
  const created = await cloud.create(
    'Shop',
    synthesised((stack) => {
      const alarm = new Alarm(stack, 'Alarm', {
        metric: age,
        threshold: 60,
        evaluationPeriods: 1,
      });
      return [
        new TextWidget({ markdown: '# Orders' }),
        new GraphWidget({
          left: [age, rate],
          right: [age.with({ statistic: 'tm90' })],
          leftAnnotations: [alarm.toAnnotation()],
        }),
        new GraphWidget({ left: [age], view: GraphWidgetView.PIE, setPeriodToTimeRange: true }),
        new SingleValueWidget({ metrics: [age], sparkline: true }),
        new GaugeWidget({ metrics: [age], leftYAxis: { min: 0, max: 100 } }),
        new TableWidget({ metrics: [age] }),
        new AlarmWidget({ alarm }),
        new AlarmStatusWidget({ alarms: [alarm] }),
        new LogQueryWidget({ logGroupNames: ['orders'], queryLines: ['fields @message'] }),
        new CustomWidget({ functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:draw', title: 'drawn' }),
      ];
    }),
  );
  expect(created?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('CREATE_COMPLETE');
  const [, name] = Object.entries(await cloud.physicalIds('Shop')).find(([id]) => id.startsWith('Dashboard')) ?? [];
  const types = (await bodyOf(name)).widgets.map(({ type }: { type: string }) => type);
  expect(types).toEqual(['text', 'metric', 'metric', 'metric', 'metric', 'metric', 'metric', 'alarm', 'log', 'custom']);

  const updated = await cloud.update(
    'Shop',
    synthesised(() => [new TextWidget({ markdown: '# Gone' })]),
  );
  expect(updated?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('UPDATE_COMPLETE');
  expect(await bodyOf(name)).toMatchObject({ widgets: [{ properties: { markdown: '# Gone' } }] });
});

test('a dashboard is tagged, replaced under another name, and deleted with its stack', async () => {
  const dashboard = (DashboardName: string, ...keys: readonly string[]) =>
    template({
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName,
          DashboardBody: '{"widgets":[]}',
          Tags: keys.map((Key) => ({ Key, Value: 'yes' })),
        },
      },
    });
  await cloud.create('tagged', dashboard('first', 'a', 'b'));
  await cloud.update('tagged', dashboard('first', 'b', 'c'));
  const ResourceARN = 'arn:aws:cloudwatch::000000000000:dashboard/first';
  const { Tags } = await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  expect(Tags?.map(({ Key }) => Key)).toEqual(['b', 'c']);
  await cloud.update('tagged', dashboard('second'));
  await expect(bodyOf('first')).rejects.toThrow('Dashboard first does not exist');
  expect(await bodyOf('second')).toEqual({ widgets: [] });
});
