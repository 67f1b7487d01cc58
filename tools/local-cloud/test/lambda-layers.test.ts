import {
  AddLayerVersionPermissionCommand,
  DeleteLayerVersionCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  LambdaClient,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  RemoveLayerVersionPermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, file, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
});
afterAll(() => cloud.close());

const layerArn = (name: string) => `arn:aws:lambda:us-east-1:${account}:layer:${name}`;

async function publish(LayerName: string, files: Zippable) {
  const command = new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zipSync(files) } });
  const { LayerVersionArn } = await cloud.lambda.send(command);
  return LayerVersionArn ?? '';
}

const moduleFile = (name: string, value: string): Zippable => ({
  [`nodejs/node_modules/${name}/index.js`]: file(`module.exports = '${value}';`),
});
/** A handler that answers what modules of the layers export. */
const reading = (...names: string[]) => ({
  ZipFile: zipSync({
    'handler.cjs': file(`exports.read = async () => [${names.map((name) => `require('${name}')`).join()}];`),
  }),
});

describe('a layer version', () => {
  test('is numbered and found by name and by ARN', async () => {
    expect(await publish('shared', moduleFile('shared', 'one'))).toBe(`${layerArn('shared')}:1`);
    const second = await publish('shared', moduleFile('shared', 'two'));
    const byArn = await cloud.lambda.send(new GetLayerVersionByArnCommand({ Arn: second }));
    expect(byArn).toMatchObject({ LayerArn: layerArn('shared'), LayerVersionArn: second, Version: 2 });
    const answer = await fetch(byArn.Content?.Location ?? '');
    expect((await answer.arrayBuffer()).byteLength).toBe(byArn.Content?.CodeSize);
    const { LayerVersions } = await cloud.lambda.send(new ListLayerVersionsCommand({ LayerName: 'shared' }));
    expect(LayerVersions?.map(({ Version }) => Version)).toEqual([2, 1]);
  });

  test('that is deleted is gone for new functions and kept by those that have it', async () => {
    const arn = await publish('leaving', moduleFile('leaving', 'still here'));
    await cloud.create('keeper', 'read', { Layers: [arn], Code: reading('leaving') });
    await cloud.lambda.send(new DeleteLayerVersionCommand({ LayerName: 'leaving', VersionNumber: 1 }));
    expect((await cloud.invoke('keeper')).value).toEqual(['still here']);
    await expect(cloud.create('late', 'read', { Layers: [arn], Code: reading() })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `Layer version ${arn} does not exist.`,
    });
    await expect(
      cloud.lambda.send(new GetLayerVersionCommand({ LayerName: 'leaving', VersionNumber: 1 })),
    ).rejects.toMatchObject({ message: 'The resource you requested does not exist.' });
  });
});

describe('a function with layers', () => {
  test('finds them below /opt, later ones over earlier ones', async () => {
    const base = await publish('base', { ...moduleFile('a', 'base a'), ...moduleFile('b', 'base b') });
    const over = await publish('over', moduleFile('b', 'over b'));
    const created = await cloud.create('layered', 'read', { Layers: [base, over], Code: reading('a', 'b') });
    expect(created.Layers?.map(({ Arn }) => Arn)).toEqual([base, over]);
    expect((await cloud.invoke('layered')).value).toEqual(['base a', 'over b']);
    await cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'layered', Layers: [over, base] }));
    expect((await cloud.invoke('layered')).value).toEqual(['base a', 'base b']);
  });

  test('runs its extensions, whose files stay executable', async () => {
    const script = [
      '#!/bin/sh',
      'ID=$(curl -s -D - -o /dev/null -X POST "http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension/register" -H "Lambda-Extension-Name: shell" -d \'{"events":["INVOKE"]}\' | tr -d "\\r" | sed -n "s/^[Ll]ambda-[Ee]xtension-[Ii]dentifier: //p")',
      'echo "extension is up"',
      'while true; do curl -s "http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension/event/next" -H "Lambda-Extension-Identifier: $ID" > /dev/null; done',
    ].join('\n');
    const arn = await publish('with-extension', { 'extensions/shell': file(script, 0o755) });
    await cloud.create('extended', 'echo', { Layers: [arn] });
    const { FunctionError, LogResult } = await cloud.invoke('extended', {}, { LogType: 'Tail' });
    expect(FunctionError).toBeUndefined();
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain('extension is up');
  });

  test('may have five, of one version each', async () => {
    const arns = [];
    for (let i = 0; i < 6; i += 1) arns.push(await publish(`many-${i}`, moduleFile('x', 'y')));
    await expect(cloud.create('six', 'read', { Layers: arns, Code: reading() })).rejects.toMatchObject({
      message: 'Cannot reference more than 5 layers.',
    });
    const [one, two] = [await publish('twice', moduleFile('x', '1')), await publish('twice', moduleFile('x', '2'))];
    await expect(cloud.create('both', 'read', { Layers: [one, two], Code: reading() })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `Two different versions of the same layer are not allowed to be referenced in the same function. ${one} and ${two} are versions of the same layer.`,
    });
  });

  test('counts them towards the 250 MB of its code', async () => {
    const half = await publish('half', { 'a.bin': [new Uint8Array(131_072_000), { level: 1 }] });
    const Code = { ZipFile: zipSync({ 'b.bin': [new Uint8Array(131_072_000), { level: 1 }] }) };
    await expect(cloud.create('large', 'read', { Layers: [half], Code })).rejects.toMatchObject({
      message: 'Unzipped size must be smaller than 262144000 bytes',
    });
  });
});

test('another account reads a layer version only when its policy says so', async () => {
  const arn = await publish('open', moduleFile('open', 'yes'));
  const other = cloud.client(LambdaClient, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });
  const read = () => other.send(new GetLayerVersionByArnCommand({ Arn: arn }));
  await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const version = { LayerName: 'open', VersionNumber: 1 };
  const grant = { StatementId: 'all', Action: 'lambda:GetLayerVersion', Principal: '*' };
  await cloud.lambda.send(new AddLayerVersionPermissionCommand({ ...version, ...grant }));
  expect((await read()).Version).toBe(1);
  const { Policy } = await cloud.lambda.send(new GetLayerVersionPolicyCommand(version));
  expect(JSON.parse(Policy ?? '').Statement).toMatchObject([{ Sid: 'all', Principal: '*', Resource: arn }]);
  await cloud.lambda.send(new RemoveLayerVersionPermissionCommand({ ...version, StatementId: 'all' }));
  await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
