import {
  AddLayerVersionPermissionCommand,
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteLayerVersionCommand,
  GetAliasCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  LambdaClient,
  ListAliasesCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  RemoveLayerVersionPermissionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { deployed, reference, zip } from './lambda-support.ts';

/** A layer version of one file. */
async function layer(target: Target) {
  const lambda = target.client(LambdaClient);
  const LayerName = target.name();
  const Content = { ZipFile: zip({ 'a.txt': 'a' }) };
  const { Version, LayerVersionArn } = await lambda.send(new PublishLayerVersionCommand({ LayerName, Content }));
  const VersionNumber = Version as number;
  target.afterwards(() => lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber })));
  return { lambda, LayerName, VersionNumber, LayerVersionArn };
}

/** Claims about versions, aliases and layers. */
export const versionClaims: readonly Claim[] = [
  {
    operation: 'PublishVersion',
    claim: 'freezes the code, and makes no second version of the same',
    source: 'Lambda Developer Guide, Manage Lambda function versions',
    async run(target) {
      const { lambda, FunctionName, settled, invoke } = await deployed(target);
      const publish = async () => (await lambda.send(new PublishVersionCommand({ FunctionName }))).Version;
      expect([await publish(), await publish()]).toEqual(['1', '1']);
      const ZipFile = zip({ 'index.mjs': "export const handler = async () => 'new';" });
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
      await settled();
      expect((await invoke({})).value).toBe('new');
      await target.until(async () => {
        expect((await invoke({ a: 1 }, { Qualifier: '1' })).value).toMatchObject({ event: { a: 1 }, version: '1' });
      });
      const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
      expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1']);
    },
  },
  {
    operation: 'CreateAlias',
    claim: 'refuses a version that is not there',
    source: reference('CreateAlias'),
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const call = new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '7' });
      expect((await refusal(lambda.send(call))).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'PublishLayerVersion',
    claim: 'counts versions, whose files the function finds in /opt',
    source: 'Lambda Developer Guide, Adding layers to functions',
    async run(target) {
      const { lambda, FunctionName, settled, invoke } = await deployed(target);
      const LayerName = target.name();
      const text = "module.exports = 'from the layer';";
      const publish = async () => {
        const Content = { ZipFile: zip({ 'nodejs/node_modules/greeting/index.js': text }) };
        const made = await lambda.send(new PublishLayerVersionCommand({ LayerName, Content }));
        const VersionNumber = made.Version as number;
        target.afterwards(() => lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber })));
        return made;
      };
      const [first, second] = [await publish(), await publish()];
      expect([first.Version, second.Version]).toEqual([1, 2]);
      const ZipFile = zip({ 'index.js': "exports.handler = async () => require('greeting');" });
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
      await settled();
      const Layers = [second.LayerVersionArn as string];
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers }));
      await settled();
      expect((await invoke({})).value).toBe('from the layer');
    },
  },
  {
    operation: 'GetAlias',
    beside: ['UpdateAlias', 'ListAliases', 'DeleteAlias'],
    claim: 'leads to the version the alias was last given',
    source: 'Lambda Developer Guide, Create an alias for a Lambda function',
    async run(target) {
      const { lambda, FunctionName, invoke } = await deployed(target);
      const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
      const live = { FunctionName, Name: 'live' };
      await lambda.send(new CreateAliasCommand({ ...live, FunctionVersion: '$LATEST' }));
      await lambda.send(new UpdateAliasCommand({ ...live, FunctionVersion: Version }));
      expect((await lambda.send(new GetAliasCommand(live))).FunctionVersion).toBe('1');
      expect((await lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion: '1' }))).Aliases).toHaveLength(
        1,
      );
      await target.until(async () => expect((await invoke({}, { Qualifier: 'live' })).ExecutedVersion).toBe('1'));
      await lambda.send(new DeleteAliasCommand(live));
      expect((await refusal(lambda.send(new GetAliasCommand(live)))).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'GetLayerVersion',
    beside: ['GetLayerVersionByArn', 'ListLayers', 'ListLayerVersions', 'DeleteLayerVersion'],
    claim: 'is the same by name and by ARN, and is gone when it is deleted',
    source: reference('GetLayerVersion'),
    async run(target) {
      const { lambda, LayerName, VersionNumber, LayerVersionArn } = await layer(target);
      const byName = () => lambda.send(new GetLayerVersionCommand({ LayerName, VersionNumber }));
      const byArn = await lambda.send(new GetLayerVersionByArnCommand({ Arn: LayerVersionArn }));
      expect(byArn.Content?.CodeSha256).toBe((await byName()).Content?.CodeSha256);
      expect((await lambda.send(new ListLayerVersionsCommand({ LayerName }))).LayerVersions).toHaveLength(1);
      expect((await lambda.send(new ListLayersCommand({}))).Layers?.length).toBeGreaterThan(0);
      await lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber }));
      expect((await refusal(byName())).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'AddLayerVersionPermission',
    beside: ['GetLayerVersionPolicy', 'RemoveLayerVersionPermission'],
    claim: 'shares a version until it is removed',
    source: reference('AddLayerVersionPermission'),
    async run(target) {
      const { lambda, LayerName, VersionNumber } = await layer(target);
      const version = { LayerName, VersionNumber };
      const share = { StatementId: 'own', Action: 'lambda:GetLayerVersion', Principal: target.account };
      await lambda.send(new AddLayerVersionPermissionCommand({ ...version, ...share }));
      const policy = () => lambda.send(new GetLayerVersionPolicyCommand(version));
      expect(JSON.parse((await policy()).Policy as string).Statement).toMatchObject([{ Sid: 'own' }]);
      await lambda.send(new RemoveLayerVersionPermissionCommand({ ...version, StatementId: 'own' }));
      expect((await refusal(policy())).name).toBe('ResourceNotFoundException');
    },
  },
];
