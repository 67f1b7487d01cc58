import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeParametersCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LaunchedCloud, launchCloud } from '../src/launch.ts';
import { synthesise, type Variant } from './fixtures/cdk-cli/variants.ts';

/** One stack's life through the unmodified CDK CLI; each test goes on from where the one before it ended. */
let cloud: LaunchedCloud;
let folder: string;

const first: Variant = { retentionHours: 24, parameterName: '/lifecycle/first', customResource: 'succeed' };
const second: Variant = { retentionHours: 48, parameterName: '/lifecycle/second', customResource: 'succeed' };
const failing: Variant = { retentionHours: 72, parameterName: '/lifecycle/third', customResource: 'fail' };

async function cdk(...args: string[]): Promise<{ failed: boolean; output: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)('cdk', [...args, '--progress', 'events'], {
      env: { ...process.env, ...cloud.environment, CDK_DISABLE_CLI_TELEMETRY: 'true' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return { failed: false, output: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { failed: true, output: stdout + stderr };
  }
}

async function deploy(name: string, variant: Variant) {
  synthesise(join(folder, name), variant);
  return cdk('deploy', '--app', join(folder, name), '--require-approval', 'never');
}

function client<Client>(type: new (config: object) => Client): Client {
  return new type({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

async function stack() {
  const { Stacks } = await client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: 'lifecycle' }));
  const [found] = Stacks ?? [];
  const outputs = Object.fromEntries(
    (found?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  return { status: found?.StackStatus, outputs };
}

async function retention(streamName: string | undefined): Promise<number | undefined> {
  const summary = await client(KinesisClient).send(new DescribeStreamSummaryCommand({ StreamName: streamName }));
  return summary.StreamDescriptionSummary?.RetentionPeriodHours;
}

async function parameter(name: string): Promise<string | undefined> {
  const answer = await client(SSMClient)
    .send(new GetParameterCommand({ Name: name }))
    .catch((error: Error) => ({ Parameter: { Value: error.name } }));
  return answer.Parameter?.Value;
}

/** Processes whose parent is gone from this test's view: anything the cloud started carries its endpoint. */
async function processesOf(endpoint: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map(async (pid) => ({ pid, environment: await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '') })),
  );
  return environments
    .filter(({ environment }) => environment.includes(`AWS_ENDPOINT_URL=${endpoint}`))
    .map(({ pid }) => pid);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdk-cli-'));
  // Its scratch files go where no other cloud of this machine has any.
  vi.stubEnv('TMPDIR', folder);
  cloud = await launchCloud();
  vi.unstubAllEnvs();
});

afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

test('bootstrap, twice: the second finds nothing to do', async () => {
  const environment = 'aws://000000000000/us-east-1';
  expect(await cdk('bootstrap', environment)).toMatchObject({ failed: false });
  const again = await cdk('bootstrap', environment);
  expect(again.failed, again.output).toBe(false);
  expect(again.output).toContain('no changes');
});

test('deploy creates the resources and the outputs', async () => {
  const run = await deploy('first', first);
  expect(run.failed, run.output).toBe(false);
  const { status, outputs } = await stack();
  expect(status).toBe('CREATE_COMPLETE');
  expect(outputs['Said']).toBe('Create succeed');
  expect(await retention(outputs['StreamName'])).toBe(24);
  expect(await parameter('/lifecycle/first')).toBe(outputs['StreamName']);
});

test('deploying the same again changes nothing', async () => {
  const run = await deploy('first-again', first);
  expect(run.failed, run.output).toBe(false);
  expect(run.output).toContain('no changes');
});

test('an update changes a property in place and replaces what can only be created', async () => {
  const before = await stack();
  const run = await deploy('second', second);
  expect(run.failed, run.output).toBe(false);
  const { status, outputs } = await stack();
  expect(status).toBe('UPDATE_COMPLETE');
  expect(outputs['StreamName']).toBe(before.outputs['StreamName']);
  expect(await retention(outputs['StreamName'])).toBe(48);
  expect(await parameter('/lifecycle/second')).toBe(outputs['StreamName']);
  expect(await parameter('/lifecycle/first')).toBe('ParameterNotFound');
});

test('an update that fails is rolled back to what stood before', async () => {
  const run = await deploy('failing', failing);
  expect(run.failed).toBe(true);
  expect(run.output).toContain('told to fail');
  const { status, outputs } = await stack();
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await retention(outputs['StreamName'])).toBe(48);
  expect(await parameter('/lifecycle/second')).toBe(outputs['StreamName']);
  expect(await parameter('/lifecycle/third')).toBe('ParameterNotFound');
  const events = await client(CloudFormationClient).send(new DescribeStackEventsCommand({ StackName: 'lifecycle' }));
  const failures = events.StackEvents?.filter(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED');
  expect(failures?.some(({ LogicalResourceId }) => LogicalResourceId === 'Custom')).toBe(true);
});

test('destroy leaves nothing of the stack', async () => {
  const run = await cdk('destroy', '--app', join(folder, 'second'), '--force');
  expect(run.failed, run.output).toBe(false);
  await expect(stack()).rejects.toThrow('Stack with id lifecycle does not exist');
  const [streams, functions, parameters, buckets, roles, groups] = await Promise.all([
    client(KinesisClient).send(new ListStreamsCommand({})),
    client(LambdaClient).send(new ListFunctionsCommand({})),
    client(SSMClient).send(new DescribeParametersCommand({})),
    client(S3Client).send(new ListBucketsCommand({})),
    client(IAMClient).send(new ListRolesCommand({})),
    client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({})),
  ]);
  expect(streams.StreamNames).toEqual([]);
  expect(functions.Functions).toEqual([]);
  expect(parameters.Parameters?.map(({ Name }) => Name)).toEqual(['/cdk-bootstrap/hnb659fds/version']);
  expect(buckets.Buckets?.map(({ Name }) => Name)).toEqual(['cdk-hnb659fds-assets-000000000000-us-east-1']);
  expect(roles.Roles?.filter(({ RoleName }) => !RoleName?.startsWith('cdk-hnb659fds-'))).toEqual([]);
  // The function's own log group was written by Lambda, not by the stack: on AWS too it stays.
  expect(
    groups.logGroups?.map(({ logGroupName }) => logGroupName).filter((name) => !name?.startsWith('/aws/lambda/')),
  ).toEqual([]);
});

test('when the cloud stops, no process and no file of it is left', async () => {
  await cloud.stop();
  expect(await processesOf(cloud.endpoint)).toEqual([]);
  expect((await readdir(folder)).filter((name) => name.startsWith('stackyard-cloud-'))).toEqual([]);
});
