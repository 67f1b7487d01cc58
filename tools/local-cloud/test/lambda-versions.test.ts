import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
});
afterAll(() => cloud.close());

const greet = (FunctionName: string, GREETING: string) =>
  cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { GREETING } } }));
const publish = (FunctionName: string) => cloud.lambda.send(new PublishVersionCommand({ FunctionName }));

/** A function with version 1 that greets `first` and version 2 that greets `second`. */
async function twoVersions(FunctionName: string) {
  await cloud.create(FunctionName, 'echo', { Environment: { Variables: { GREETING: 'first' } }, Publish: true });
  await greet(FunctionName, 'second');
  await publish(FunctionName);
}

describe('a published version', () => {
  test('keeps code and configuration when $LATEST moves on', async () => {
    await twoVersions('kept');
    await greet('kept', 'third');
    const answers = await Promise.all(
      ['1', '2', '$LATEST'].map((Qualifier) => cloud.invoke('kept', {}, { Qualifier })),
    );
    expect(answers.map(({ value, ExecutedVersion }) => [ExecutedVersion, value.version, value.greeting])).toEqual([
      ['1', '1', 'first'],
      ['2', '2', 'second'],
      ['$LATEST', '$LATEST', 'third'],
    ]);
    expect(answers[0]?.value.arn).toBe(`${functionArn('kept')}:1`);
  });

  test('is made only when something changed', async () => {
    await cloud.create('same');
    const [first, second] = [await publish('same'), await publish('same')];
    expect([first.Version, second.Version]).toEqual(['1', '1']);
    expect(first.FunctionArn).toBe(`${functionArn('same')}:1`);
  });

  test('cannot be changed', async () => {
    await twoVersions('fixed');
    await expect(greet('fixed:1', 'other')).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    const { Environment } = await cloud.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'fixed', Qualifier: '1' }),
    );
    expect(Environment?.Variables).toEqual({ GREETING: 'first' });
  });

  test('is published only for the code the caller means', async () => {
    await cloud.create('meant');
    const command = new PublishVersionCommand({ FunctionName: 'meant', CodeSha256: 'other' });
    await expect(cloud.lambda.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/^CodeSHA256 \(other\) is different from current CodeSHA256 in \$LATEST \(/),
    });
  });

  test('can be deleted alone, and its number is not used again', async () => {
    await twoVersions('numbered');
    await cloud.lambda.send(new DeleteFunctionCommand({ FunctionName: 'numbered', Qualifier: '2' }));
    await greet('numbered', 'third');
    await publish('numbered');
    const { Versions } = await cloud.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'numbered' }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '3']);
  });
});

describe('an alias', () => {
  const alias = (FunctionName: string, FunctionVersion: string) =>
    cloud.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion }));

  test('leads to its version, and to another after an update', async () => {
    await twoVersions('aliased');
    const created = await alias('aliased', '1');
    expect(created).toMatchObject({ AliasArn: `${functionArn('aliased')}:live`, Name: 'live', FunctionVersion: '1' });
    const first = await cloud.invoke('aliased:live');
    expect([first.ExecutedVersion, first.value.arn]).toEqual(['1', `${functionArn('aliased')}:live`]);
    await cloud.lambda.send(new UpdateAliasCommand({ FunctionName: 'aliased', Name: 'live', FunctionVersion: '2' }));
    expect((await cloud.invoke('aliased:live')).value.greeting).toBe('second');
  });

  test.each([
    [1, '2'],
    [0, '1'],
  ])('with a weight of %d for version 2 runs version %s', async (weight, expected) => {
    const FunctionName = `weighted-${expected}`;
    await twoVersions(FunctionName);
    await alias(FunctionName, '1');
    await cloud.lambda.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: { '2': weight } },
      }),
    );
    const versions = new Set<string | undefined>();
    for (let i = 0; i < 10; i += 1)
      versions.add((await cloud.invoke(FunctionName, {}, { Qualifier: 'live' })).ExecutedVersion);
    expect([...versions]).toEqual([expected]);
  });

  test('has its rules for weights', async () => {
    await twoVersions('rules');
    const withWeights = (FunctionVersion: string, AdditionalVersionWeights: Record<string, number>) =>
      cloud.lambda.send(
        new CreateAliasCommand({
          FunctionName: 'rules',
          Name: 'live',
          FunctionVersion,
          RoutingConfig: { AdditionalVersionWeights },
        }),
      );
    await expect(withWeights('1', { '1': 0.5 })).rejects.toMatchObject({
      message: 'Invalid function version 1. Function version 1 is already included in routing configuration.',
    });
    await expect(withWeights('$LATEST', { '1': 0.5 })).rejects.toMatchObject({
      message: '$LATEST is not supported for an alias pointing to more than 1 version',
    });
    await expect(withWeights('1', { '2': 1.5 })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(withWeights('1', { '9': 0.5 })).rejects.toMatchObject({
      message: `Function not found: ${functionArn('rules')}:9`,
    });
  });

  test('exists once, is listed by version and can be deleted twice', async () => {
    await twoVersions('listed');
    await alias('listed', '1');
    await expect(alias('listed', '1')).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: `Alias already exists: ${functionArn('listed')}:live`,
    });
    const list = async (FunctionVersion: string) =>
      (await cloud.lambda.send(new ListAliasesCommand({ FunctionName: 'listed', FunctionVersion }))).Aliases?.length;
    expect([await list('1'), await list('2')]).toEqual([1, 0]);
    const remove = new DeleteAliasCommand({ FunctionName: 'listed', Name: 'live' });
    await cloud.lambda.send(remove);
    await cloud.lambda.send(remove);
    await expect(
      cloud.lambda.send(new GetAliasCommand({ FunctionName: 'listed', Name: 'live' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Cannot find alias arn: ${functionArn('listed')}:live`,
    });
  });

  test('keeps its version from being deleted', async () => {
    await twoVersions('held');
    await alias('held', '1');
    const command = new DeleteFunctionCommand({ FunctionName: 'held', Qualifier: '1' });
    await expect(cloud.lambda.send(command)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });
});
