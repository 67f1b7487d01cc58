import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../src/extension/configuration.ts';

const environment = {
  STACKYARD_TELEMETRY_STREAM: 'logs',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

test('a stream name is all that has to be given beside what Lambda gives', () => {
  expect(readConfiguration(environment)).toEqual({
    problems: [],
    configuration: {
      streamName: 'logs',
      region: 'eu-west-1',
      endpoint: new URL('https://kinesis.eu-west-1.amazonaws.com'),
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      types: new Set(['function', 'platform']),
      level: 'TRACE',
      sampling: {},
      redactedKeys: [],
      aggregateBytes: 0,
      bufferBytes: 8 * 1024 * 1024,
      flushAgeMs: 1_000,
      flushDeadlineMs: 2_000,
    },
  });
});

describe('the endpoint', () => {
  test.each([
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566/'],
    [{ AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_KINESIS: 'https://kinesis' }, 'https://kinesis/'],
    [{ AWS_REGION: 'cn-north-1' }, 'https://kinesis.cn-north-1.amazonaws.com.cn/'],
  ])('with %j is %s', (variables, url) => {
    expect(readConfiguration({ ...environment, ...variables }).configuration?.endpoint.href).toBe(url);
  });
});

describe('the second destination', () => {
  const STACKYARD_TELEMETRY_OVERFLOW_BUCKET = 'overflow';

  test.each([
    [
      {},
      { endpoint: new URL('https://overflow.s3.eu-west-1.amazonaws.com'), path: '/', prefix: 'telemetry-overflow/' },
    ],
    [
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', STACKYARD_TELEMETRY_OVERFLOW_PREFIX: 'a/b-' },
      { endpoint: new URL('http://127.0.0.1:4566'), path: '/overflow/', prefix: 'a/b-' },
    ],
  ])('with %j', (variables, secondDestination) => {
    const { configuration } = readConfiguration({ ...environment, STACKYARD_TELEMETRY_OVERFLOW_BUCKET, ...variables });
    expect(configuration?.secondDestination).toEqual(secondDestination);
  });
});

test('lists may have blanks and any case', () => {
  const variables = {
    STACKYARD_TELEMETRY_SAMPLING: ' debug:10, Trace:100,',
    STACKYARD_TELEMETRY_REDACT: 'password , api.key',
  };
  expect(readConfiguration({ ...environment, ...variables }).configuration).toMatchObject({
    sampling: { DEBUG: 10, TRACE: 100 },
    redactedKeys: ['password', 'api.key'],
  });
});

test('all problems are said at once, each with what would be right', () => {
  const { configuration, problems } = readConfiguration({
    STACKYARD_TELEMETRY_STREAM: 'arn:aws:kinesis:eu-west-1:000000000000:stream/logs',
    STACKYARD_TELEMETRY_TYPES: 'function,logs',
    STACKYARD_TELEMETRY_LEVEL: 'loud',
    STACKYARD_TELEMETRY_SAMPLING: 'DEBUG:10,INFO:0.5,LOUD:2',
    STACKYARD_TELEMETRY_REDACT: 'password,pass word',
    STACKYARD_TELEMETRY_BUFFER_BYTES: '1e9',
    STACKYARD_TELEMETRY_FLUSH_AGE_MS: '-1',
    STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '900000',
    STACKYARD_TELEMETRY_OVERFLOW_BUCKET: 's3://overflow',
    STACKYARD_TELEMETRY_OVERFLOW_PREFIX: 'day=1/',
    AWS_ENDPOINT_URL_KINESIS: 'kinesis:443',
  });
  expect(configuration).toBeUndefined();
  expect(problems).toEqual([
    'AWS_REGION is not set',
    "STACKYARD_TELEMETRY_OVERFLOW_PREFIX is 'day=1/'; it takes up to 256 of a-z A-Z 0-9 _ . / -",
    "STACKYARD_TELEMETRY_OVERFLOW_BUCKET is 's3://overflow'; it takes a bucket's name without dots: 3 to 63 of a-z 0-9 -",
    "STACKYARD_TELEMETRY_STREAM is 'arn:aws:kinesis:eu-west-1:000000000000:stream/logs'; it takes a stream's name: 1 to 128 of a-z A-Z 0-9 _ . -",
    "AWS_ENDPOINT_URL_KINESIS is 'kinesis:443'; it takes an http or https URL without a path",
    'AWS_ACCESS_KEY_ID is not set',
    'AWS_SECRET_ACCESS_KEY is not set',
    "STACKYARD_TELEMETRY_TYPES has 'logs'; it takes a comma list of function, platform, extension",
    "STACKYARD_TELEMETRY_LEVEL is 'loud'; it takes one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL",
    "STACKYARD_TELEMETRY_SAMPLING has 'INFO:0.5', 'LOUD:2'; it takes a comma list of LEVEL:n, where one request in n, 1 to 999999, is kept",
    "STACKYARD_TELEMETRY_REDACT has 'pass word'; it takes a comma list of keys of 1 to 128 of a-z A-Z 0-9 _ . -",
    "STACKYARD_TELEMETRY_BUFFER_BYTES is '1e9'; it takes a whole number from 2097152 to 268435456",
    "STACKYARD_TELEMETRY_FLUSH_AGE_MS is '-1'; it takes a whole number from 100 to 60000",
    "STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS is '900000'; it takes a whole number from 100 to 30000",
  ]);
});
