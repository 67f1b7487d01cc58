import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import type { Claim } from './contract.ts';

const guide = (page: string) => `EventBridge User Guide, ${page}`;
const operators = guide('Comparison operators for use in event patterns');
const arrays = guide('Arrays in event patterns');
const nulls = guide('Matching null values and empty strings');
const patterns = guide('Creating event patterns');

/** The event of a claim: what it says beside what every event has. */
type Event = Readonly<Record<string, unknown>>;

interface Example {
  readonly source: string;
  /** What AWS says of it. */
  readonly says: string;
  readonly pattern: object;
  readonly matches: readonly Event[];
  readonly others: readonly Event[];
}

const base: Event = {
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

/** Events that differ in their detail only. */
const details = (...all: object[]) => all.map((detail) => ({ detail }));
const fields = (name: string, ...values: unknown[]) => details(...values.map((value) => ({ [name]: value })));

/** Every row of the summary "Comparison operators": the rule's syntax as it stands there. */
const summary: readonly Example[] = [
  {
    source: operators,
    says: 'And: Location is "New York" and Day is "Monday"',
    pattern: { detail: { Location: ['New York'], Day: ['Monday'] } },
    matches: details({ Location: 'New York', Day: 'Monday' }),
    others: details({ Location: 'New York', Day: 'Friday' }, { Day: 'Monday' }),
  },
  {
    source: operators,
    says: 'Anything-but: state is any value besides "initializing"',
    pattern: { detail: { state: [{ 'anything-but': 'initializing' }] } },
    matches: fields('state', 'running', 7),
    others: [...fields('state', 'initializing'), { detail: {} }],
  },
  {
    source: operators,
    says: 'Anything-but (begins with): Region is not in the US',
    pattern: { detail: { Region: [{ 'anything-but': { prefix: 'us-' } }] } },
    matches: fields('Region', 'eu-west-1'),
    others: fields('Region', 'us-east-1'),
  },
  {
    source: operators,
    says: 'Anything-but (ends with): FileName does not end with a .png extension',
    pattern: { detail: { FileName: [{ 'anything-but': { suffix: '.png' } }] } },
    matches: fields('FileName', 'a.gif'),
    others: fields('FileName', 'a.png'),
  },
  {
    source: operators,
    says: 'Anything-but (ignore case): state is no casing of "initializing"',
    pattern: { detail: { state: [{ 'anything-but': { 'equals-ignore-case': 'initializing' } }] } },
    matches: fields('state', 'running'),
    others: fields('state', 'initializing', 'INITIALIZING'),
  },
  {
    source: operators,
    says: 'Anything-but using a wildcard: FilePath does not include /lib/',
    pattern: { detail: { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] } },
    matches: fields('FilePath', '/usr/bin/a'),
    others: fields('FilePath', '/usr/lib/a'),
  },
  {
    source: operators,
    says: 'Begins with: Region is in the US',
    pattern: { detail: { Region: [{ prefix: 'us-' }] } },
    matches: fields('Region', 'us-east-1'),
    others: fields('Region', 'eu-us-1'),
  },
  {
    source: operators,
    says: 'Begins with (ignore case): service starts with "eventb"',
    pattern: { detail: { service: [{ prefix: { 'equals-ignore-case': 'eventb' } }] } },
    matches: fields('service', 'EventBridge', 'eventbus'),
    others: fields('service', 'bridge'),
  },
  {
    source: operators,
    says: 'Empty: LastName is empty',
    pattern: { detail: { LastName: [''] } },
    matches: fields('LastName', ''),
    others: [...fields('LastName', null, 'x'), { detail: {} }],
  },
  {
    source: operators,
    says: 'Equals: Name is "Alice"',
    pattern: { detail: { Name: ['Alice'] } },
    matches: fields('Name', 'Alice'),
    others: fields('Name', 'alice'),
  },
  {
    source: operators,
    says: 'Equals (ignore case): Name is "Alice"',
    pattern: { detail: { Name: [{ 'equals-ignore-case': 'alice' }] } },
    matches: fields('Name', 'Alice', 'ALICE'),
    others: fields('Name', 'Alic'),
  },
  {
    source: operators,
    says: 'Ends with: FileName ends with a .png extension',
    pattern: { detail: { FileName: [{ suffix: '.png' }] } },
    matches: fields('FileName', 'a.png'),
    others: fields('FileName', 'a.png.gif'),
  },
  {
    source: operators,
    says: 'Ends with (ignore case): service ends with "tbridge"',
    pattern: { detail: { service: [{ suffix: { 'equals-ignore-case': 'tBridge' } }] } },
    matches: fields('service', 'EventBridge', 'EVENTBRIDGE'),
    others: fields('service', 'EventBus'),
  },
  {
    source: operators,
    says: 'Exists: ProductName exists',
    pattern: { detail: { ProductName: [{ exists: true }] } },
    matches: fields('ProductName', 'x', null),
    others: [{ detail: {} }],
  },
  {
    source: operators,
    says: 'Does not exist: ProductName does not exist',
    pattern: { detail: { ProductName: [{ exists: false }] } },
    matches: [{ detail: {} }],
    others: fields('ProductName', 'x'),
  },
  {
    source: operators,
    says: 'Not: Weather is anything but "Raining"',
    pattern: { detail: { Weather: [{ 'anything-but': ['Raining'] }] } },
    matches: fields('Weather', 'Sunny'),
    others: fields('Weather', 'Raining'),
  },
  {
    source: operators,
    says: 'Null: UserID is null',
    pattern: { detail: { UserID: [null] } },
    matches: fields('UserID', null),
    others: [...fields('UserID', ''), { detail: {} }],
  },
  {
    source: operators,
    says: 'Numeric (equals): Price is 100',
    pattern: { detail: { Price: [{ numeric: ['=', 100] }] } },
    matches: fields('Price', 100),
    others: fields('Price', 101, '100'),
  },
  {
    source: operators,
    says: 'Numeric (range): Price is more than 10, and at most 20',
    pattern: { detail: { Price: [{ numeric: ['>', 10, '<=', 20] }] } },
    matches: fields('Price', 10.5, 20),
    others: fields('Price', 10, 21),
  },
  {
    source: operators,
    says: 'Or: PaymentType is "Credit" or "Debit"',
    pattern: { detail: { PaymentType: ['Credit', 'Debit'] } },
    matches: fields('PaymentType', 'Credit', 'Debit'),
    others: fields('PaymentType', 'Cash'),
  },
  {
    source: operators,
    says: 'Or (multiple fields): Location is "New York", or Day is "Monday"',
    pattern: { detail: { $or: [{ Location: ['New York'] }, { Day: ['Monday'] }] } },
    matches: details({ Location: 'New York' }, { Location: 'Rome', Day: 'Monday' }),
    others: details({ Location: 'Rome', Day: 'Friday' }),
  },
  {
    source: operators,
    says: 'Wildcard: any .png file within the folder "dir"',
    pattern: { detail: { FileName: [{ wildcard: 'dir/*.png' }] } },
    matches: fields('FileName', 'dir/a.png', 'dir/b/c.png'),
    others: fields('FileName', 'a.png', 'dir/a.gif'),
  },
];

/** The examples that the pages go through one by one. */
const examples: readonly Example[] = [
  {
    source: patterns,
    says: 'the events of an EC2 instance that is terminated',
    pattern: {
      source: ['aws.ec2'],
      'detail-type': ['EC2 Instance State-change Notification'],
      detail: { state: ['terminated'] },
    },
    matches: [{}],
    others: [...fields('state', 'running'), { source: 'aws.fargate' }],
  },
  {
    source: patterns,
    says: 'two sources',
    pattern: { source: ['aws.ec2', 'aws.fargate'] },
    matches: [{}, { source: 'aws.fargate' }],
    others: [{ source: 'aws.s3' }],
  },
  {
    source: patterns,
    says: 'a risk score of 80 and, further down, a risk of 8',
    pattern: { source: ['aws.macie'], detail: { 'risk-score': [80], trigger: { risk: [8] } } },
    matches: [{ source: 'aws.macie', detail: { 'risk-score': 80, trigger: { risk: 8 } } }],
    others: [{ source: 'aws.macie', detail: { 'risk-score': 80, trigger: { risk: 7 } } }],
  },
  {
    source: nulls,
    says: 'an empty string is not null',
    pattern: { detail: { eventVersion: [''] } },
    matches: details({ eventVersion: '', responseElements: null }),
    others: details({ eventVersion: null }),
  },
  {
    source: nulls,
    says: 'null is not an empty string',
    pattern: { detail: { responseElements: [null] } },
    matches: details({ eventVersion: '', responseElements: null }),
    others: details({ responseElements: '' }),
  },
  {
    source: arrays,
    says: 'an array of the event and one of the pattern have an element in common',
    pattern: {
      resources: ['123456789012', '111122223333', '444455556666'].map(
        (account) => `arn:aws:ec2:us-east-1:${account}:instance/i-b188560f`,
      ),
    },
    matches: [{ resources: ['arn:aws:autoscaling:x', 'arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f'] }],
    others: [{ resources: ['arn:aws:autoscaling:x'] }, { resources: [] }],
  },
  {
    source: operators,
    says: 'times of one day, by their prefix',
    pattern: { time: [{ prefix: '2017-10-02' }] },
    matches: [{ time: '2017-10-02T18:43:48Z' }],
    others: [{ time: '2017-10-03T18:43:48Z' }],
  },
  {
    source: operators,
    says: 'anything but a number, and anything but a list of numbers',
    pattern: { detail: { a: [{ 'anything-but': 123 }], 'x-limit': [{ 'anything-but': [100, 200, 300] }] } },
    matches: details({ a: 124, 'x-limit': 400 }),
    others: details({ a: 123, 'x-limit': 400 }, { a: 124, 'x-limit': 200 }),
  },
  {
    source: operators,
    says: 'anything but a list of strings',
    pattern: { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } },
    matches: fields('state', 'running'),
    others: fields('state', 'stopped', 'overloaded'),
  },
  {
    source: operators,
    says: 'anything but lists of casings, prefixes, suffixes and wildcards',
    pattern: {
      detail: {
        state: [{ 'anything-but': { 'equals-ignore-case': ['initializing', 'stopped'] } }],
        begin: [{ 'anything-but': { prefix: ['init', 'error'] } }],
        end: [{ 'anything-but': { suffix: ['.txt', '.md'] } }],
        path: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }],
      },
    },
    matches: details({ state: 'running', begin: 'x', end: 'a.png', path: '/usr/local/a' }),
    others: details(
      { state: 'STOPPED', begin: 'x', end: 'a.png', path: '/usr/local/a' },
      { state: 'running', begin: 'error-1', end: 'a.png', path: '/usr/local/a' },
      { state: 'running', begin: 'x', end: 'a.md', path: '/usr/local/a' },
      { state: 'running', begin: 'x', end: 'a.png', path: '/usr/bin/a' },
    ),
  },
  {
    source: operators,
    says: 'three numeric conditions that all have to hold',
    pattern: {
      detail: {
        'c-count': [{ numeric: ['>', 0, '<=', 5] }],
        'd-count': [{ numeric: ['<', 10] }],
        'x-limit': [{ numeric: ['=', 3.018e2] }],
      },
    },
    matches: details({ 'c-count': 5, 'd-count': 9, 'x-limit': 301.8 }),
    others: details(
      { 'c-count': 0, 'd-count': 9, 'x-limit': 301.8 },
      { 'c-count': 5, 'd-count': 10, 'x-limit': 301.8 },
    ),
  },
  {
    source: operators,
    says: 'addresses of a network, of IPv4 and of IPv6',
    pattern: { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/24' }, { cidr: '2001:db8::/32' }] } },
    matches: fields('sourceIPAddress', '10.0.0.0', '10.0.0.255', '2001:db8::1'),
    others: fields('sourceIPAddress', '10.0.1.0', '2001:db9::1'),
  },
  {
    source: operators,
    says: 'a field that is no leaf does not exist',
    pattern: { detail: { 'c-count': [{ exists: false }] } },
    matches: details({ state: ['initializing', 'running'] }, { 'c-count': { c1: 100 } }),
    others: fields('c-count', 100),
  },
  {
    source: operators,
    says: 'several operators on different fields',
    pattern: {
      time: [{ prefix: '2017-10-02' }],
      detail: {
        state: [{ 'anything-but': 'initializing' }],
        'c-count': [{ numeric: ['>', 0, '<=', 5] }],
        'd-count': [{ numeric: ['<', 10] }],
        'x-limit': [{ 'anything-but': [100, 200, 300] }],
      },
    },
    matches: [
      { time: '2017-10-02T00:00:00Z', detail: { state: 'running', 'c-count': 1, 'd-count': 1, 'x-limit': 50 } },
    ],
    others: [
      { time: '2017-10-02T00:00:00Z', detail: { state: 'running', 'c-count': 1, 'd-count': 1, 'x-limit': 100 } },
      { time: '2017-10-03T00:00:00Z', detail: { state: 'running', 'c-count': 1, 'd-count': 1, 'x-limit': 50 } },
    ],
  },
  {
    source: operators,
    says: '$or over fields with operators of their own',
    pattern: {
      detail: {
        $or: [
          { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] },
          { 'd-count': [{ numeric: ['<', 10] }] },
          { 'x-limit': [{ numeric: ['=', 3.018e2] }] },
        ],
      },
    },
    matches: details({ 'c-count': 3 }, { 'd-count': 9, 'c-count': 9 }, { 'x-limit': 301.8 }),
    others: details({ 'c-count': 9, 'd-count': 10, 'x-limit': 1 }, {}),
  },
  {
    source: operators,
    says: '$or of alternatives that name several fields, beside a field that always has to hold',
    pattern: {
      source: ['aws.ec2'],
      $or: [{ region: ['us-west-1'], detail: { state: ['running'] } }, { detail: { state: ['terminated'] } }],
    },
    matches: [{}, { detail: { state: 'running' } }],
    others: [{ region: 'eu-west-1', detail: { state: 'running' } }, { source: 'aws.s3' }],
  },
  {
    source: operators,
    says: 'wildcards in several places, and two escaped characters',
    pattern: {
      detail: {
        arn: [{ wildcard: 'arn:aws:events:*:*:event-bus/*' }],
        name: [{ wildcard: String.raw`a\*b\\*` }],
      },
    },
    matches: details({ arn: 'arn:aws:events:us-east-1:123456789012:event-bus/orders', name: String.raw`a*b\c` }),
    others: details(
      { arn: 'arn:aws:events:us-east-1:123456789012:rule/orders', name: String.raw`a*b\c` },
      { arn: 'arn:aws:events:us-east-1:123456789012:event-bus/orders', name: String.raw`axb\c` },
    ),
  },
];

/** AWS's documented examples of event patterns, each with events that match and such that don't. */
export const patternClaims: readonly Claim[] = [...summary, ...examples].map(
  ({ source, says, pattern, matches, others }) => ({
    operation: 'TestEventPattern',
    claim: `tells events apart as documented: ${says}`,
    source,
    async run(target) {
      const client = target.client(EventBridgeClient);
      const passes = async (event: Event) => {
        const Event = JSON.stringify({ ...base, ...event });
        const command = new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event });
        return (await client.send(command)).Result;
      };
      for (const event of matches) expect(await passes(event), JSON.stringify(event)).toBe(true);
      for (const event of others) expect(await passes(event), JSON.stringify(event)).toBe(false);
    },
  }),
);
