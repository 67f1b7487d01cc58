import { arrays, details, type Example, fields, nulls, operators, patterns } from './events-pattern-example.ts';

/** The examples that the pages go through one by one. */
export const pages: readonly Example[] = [
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
