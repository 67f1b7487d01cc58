import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
  await cloud.create('echo', 'echo', { Environment: { Variables: { GREETING: 'hello' } } });
  await cloud.create('fail', 'fail');
  await cloud.create('print', 'print');
});
afterAll(() => cloud.close());

const missing = 'missing';

describe('a synchronous invocation', () => {
  test('gives the event to the handler and its answer to the caller', async () => {
    const { value, StatusCode, ExecutedVersion, FunctionError } = await cloud.invoke('echo', { order: 7 });
    expect({ StatusCode, ExecutedVersion, FunctionError }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(value).toMatchObject({
      event: { order: 7 },
      version: '$LATEST',
      arn: functionArn('echo'),
      greeting: 'hello',
    });
  });

  test('takes no payload for an empty object', async () => {
    const { Payload } = await cloud.lambda.send(new InvokeCommand({ FunctionName: 'echo' }));
    expect(JSON.parse(Buffer.from(Payload ?? []).toString()).event).toEqual({});
  });

  test('reports an error of the handler as a function error', async () => {
    const { value, StatusCode, FunctionError } = await cloud.invoke('fail', { message: 'no stock' });
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no stock' });
  });

  test('returns the end of the log when asked', async () => {
    const { LogResult } = await cloud.invoke('print', { lines: ['one line'] }, { LogType: 'Tail' });
    const log = Buffer.from(LogResult ?? '', 'base64').toString();
    expect(log).toMatch(/START RequestId: .+one line.+END RequestId: .+REPORT RequestId: /s);
    expect(log.length).toBeLessThanOrEqual(4096);
  });

  test('passes the client context on', async () => {
    const ClientContext = Buffer.from(JSON.stringify({ custom: { shop: 'nine' } })).toString('base64');
    const { value } = await cloud.invoke('echo', {}, { ClientContext });
    expect(value.clientContext).toEqual({ custom: { shop: 'nine' } });
  });

  test('runs nothing when it is a dry run', async () => {
    const { StatusCode, Payload } = await cloud.invoke('fail', {}, { InvocationType: 'DryRun' });
    expect({ StatusCode, bytes: Payload?.length ?? 0 }).toEqual({ StatusCode: 204, bytes: 0 });
  });
});

describe('an invocation is refused', () => {
  test('when the function is missing', async () => {
    await expect(cloud.invoke(missing)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${functionArn(missing)}`,
      Type: 'User',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('when the qualifier is missing', async () => {
    await expect(cloud.invoke('echo', {}, { Qualifier: 'live' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${functionArn('echo')}:live`,
    });
  });

  test('when the function is in another region', async () => {
    const FunctionName = functionArn('echo').replace('us-east-1', 'eu-west-1');
    await expect(cloud.invoke(FunctionName)).rejects.toMatchObject({
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    });
  });

  test.each([
    ['RequestResponse', 6_291_456],
    ['Event', 1_048_576],
  ] as const)('when a %s payload has more than %i bytes', async (InvocationType, limit) => {
    const tooLarge = 'x'.repeat(limit - 1);
    await expect(cloud.invoke('echo', tooLarge, { InvocationType })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      message: `${limit + 1} byte payload is too large for the ${InvocationType} invocation type (limit ${limit} bytes)`,
      $metadata: { httpStatusCode: 413 },
    });
  });

  test('when the payload is no JSON', async () => {
    const command = new InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from("'text'") });
    await expect(cloud.lambda.send(command)).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message: expect.stringContaining('Could not parse request body into json'),
    });
  });

  test('when name and qualifier name two versions', async () => {
    await expect(cloud.invoke('echo:1', {}, { Qualifier: '2' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The derived qualifier from the function name does not match the specified qualifier.',
    });
  });

  test('when the caller may not', async () => {
    const { LambdaClient } = await import('@aws-sdk/client-lambda');
    const credentials = await cloud.userWith('reader', { Effect: 'Allow', Action: 'lambda:Get*', Resource: '*' });
    const lambda = cloud.client(LambdaClient, { credentials });
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'echo' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::000000000000:user/reader is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn('echo')} because no identity-based policy allows the lambda:InvokeFunction action`,
      $metadata: { httpStatusCode: 403 },
    });
  });
});
