import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateRepositoryCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDocker } from './fixtures/docker.ts';
import { account, eventually, functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

const base = 'FROM public.ecr.aws/lambda/nodejs:24';
const source = `export const first = async (event) => ({ from: 'first', event, env: process.env.FROM_IMAGE });
export const second = async () => ({ from: 'second', env: process.env.FROM_IMAGE });`;

let cloud: LambdaCloud;
let ecr: ECRClient;
let docker: ReturnType<typeof createDocker>;
let image: string;

beforeAll(async () => {
  cloud = await startLambdaCloud();
  ecr = cloud.client(ECRClient);
  docker = createDocker(cloud.endpoint, ecr);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'functions' }));
  const Dockerfile = `${base}\nENV FROM_IMAGE=yes\nCOPY index.mjs ./\nCMD ["index.first"]\n`;
  image = await docker.buildAndPush('functions:one', { Dockerfile, 'index.mjs': source });
});
afterAll(async () => {
  await cloud.close();
  docker.remove();
});

function create(
  FunctionName: string,
  ImageUri: string,
  more: Partial<CreateFunctionCommandInput> = {},
  as = cloud.lambda,
) {
  const Code = { ImageUri };
  const input = { FunctionName, Role: cloud.role('Function'), PackageType: 'Image', Code } as const;
  return as.send(new CreateFunctionCommand({ ...input, Architectures: ['arm64'], ...more }));
}

const policyOf = async (repositoryName: string) =>
  JSON.parse((await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText ?? '');

describe('a function from a container image', () => {
  test('runs the handler that CMD names, with the ENV of the image', async () => {
    const created = await create('plain', image);
    expect(created).toMatchObject({ PackageType: 'Image', CodeSize: 0, Architectures: ['arm64'] });
    expect(created).not.toHaveProperty('Runtime');
    expect(created).not.toHaveProperty('Handler');
    expect((await cloud.invoke('plain', { n: 1 })).value).toEqual({ from: 'first', event: { n: 1 }, env: 'yes' });
  });

  test('tells its image by name and by digest', async () => {
    await create('located', image);
    const { Code, Configuration } = await cloud.lambda.send(new GetFunctionCommand({ FunctionName: 'located' }));
    expect(Code).toMatchObject({ RepositoryType: 'ECR', ImageUri: image });
    expect(Code?.ResolvedImageUri).toBe(`${image.replace(/:one$/, '')}@sha256:${Configuration?.CodeSha256}`);
  });

  test('takes the command of its ImageConfig instead, and its own variables over those of the image', async () => {
    const Environment = { Variables: { FROM_IMAGE: 'no' } };
    const created = await create('overridden', image, { ImageConfig: { Command: ['index.second'] }, Environment });
    expect(created.ImageConfigResponse?.ImageConfig).toEqual({ Command: ['index.second'] });
    expect((await cloud.invoke('overridden')).value).toEqual({ from: 'second', env: 'no' });
    await cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'overridden', ImageConfig: {} }));
    expect((await cloud.invoke('overridden')).value).toMatchObject({ from: 'first' });
  });

  test('starts the extensions of the image', async () => {
    const uri = await docker.buildAndPush('functions:extended', {
      Dockerfile: `${base}\nCOPY extension /opt/extensions/broken\nCOPY index.mjs ./\nCMD ["index.first"]\n`,
      'index.mjs': source,
      extension: '#!/bin/sh\nexit 3\n',
    });
    await create('extended', uri);
    expect((await cloud.invoke('extended')).value).toMatchObject({ errorType: 'Extension.Crash' });
  });

  test('stays with its image when the tag moves, until its code is updated', async () => {
    const build = (answer: string) =>
      docker.buildAndPush('functions:moving', {
        Dockerfile: `${base}\nCOPY index.mjs ./\nCMD ["index.handler"]\n`,
        'index.mjs': `export const handler = async () => '${answer}';`,
      });
    const uri = await build('old');
    await create('moving', uri);
    await build('new');
    expect((await cloud.invoke('moving')).value).toBe('old');
    await cloud.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'moving', ImageUri: uri }));
    expect((await cloud.invoke('moving')).value).toBe('new');
  });

  test('is made by CloudFormation', async () => {
    const cloudFormation = cloud.client(CloudFormationClient);
    const Properties = {
      FunctionName: 'from-template',
      PackageType: 'Image',
      Architectures: ['arm64'],
      Role: cloud.role('Function'),
      Code: { ImageUri: image },
      ImageConfig: { Command: ['index.second'] },
    };
    const TemplateBody = JSON.stringify({ Resources: { Image: { Type: 'AWS::Lambda::Function', Properties } } });
    await cloudFormation.send(new CreateStackCommand({ StackName: 'image', TemplateBody }));
    await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'image' }));
      expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
    });
    expect((await cloud.invoke('from-template')).value).toMatchObject({ from: 'second' });
  });
});

describe('what an image function cannot be is refused before it exists', () => {
  const invalid = (message: string) => ({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining(message),
  });

  test('runtime, handler or layers beside the image', async () => {
    await expect(create('refused', image, { Handler: 'index.first' })).rejects.toMatchObject(
      invalid("Please don't provide Handler or Runtime or Layer"),
    );
  });

  test('an image that is not there or not in ECR', async () => {
    await expect(create('refused', image.replace('one', 'none'))).rejects.toMatchObject(invalid('does not exist'));
    await expect(create('refused', 'docker.io/library/node:24')).rejects.toMatchObject(invalid('is not valid'));
  });

  test('an image of another architecture', async () => {
    await expect(create('refused', image, { Architectures: ['x86_64'] })).rejects.toMatchObject(
      invalid('is built for arm64'),
    );
  });

  test('an image that starts another program than Node', async () => {
    const Dockerfile = 'FROM public.ecr.aws/docker/library/node:24-slim\nCMD ["python", "server.py"]\n';
    const uri = await docker.buildAndPush('functions:python', { Dockerfile });
    await expect(create('refused', uri)).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: expect.stringContaining('starts ["python","server.py"]'),
    });
  });

  test('a zip in the place of an image, and an image in the place of a zip', async () => {
    await create('an-image', image);
    await cloud.create('a-zip');
    const update = (FunctionName: string, code: object) =>
      cloud.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...code }));
    await expect(update('an-image', { ZipFile: Buffer.from('zip') })).rejects.toMatchObject(
      invalid('packageType Image'),
    );
    await expect(update('a-zip', { ImageUri: image })).rejects.toMatchObject(invalid('packageType Zip'));
  });
});

describe("Lambda's right to read the repository", () => {
  const reading = { Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Effect: 'Allow' };

  async function imageIn(repositoryName: string): Promise<string> {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const Dockerfile = `${base}\nCOPY index.mjs ./\nCMD ["index.first"]\n`;
    return docker.buildAndPush(`${repositoryName}:one`, { Dockerfile, 'index.mjs': source });
  }

  async function deployer(name: string, ...actions: string[]): Promise<LambdaClient> {
    const Action = ['lambda:CreateFunction', 'iam:PassRole', ...actions];
    const credentials = await cloud.userWith(name, { Effect: 'Allow', Action, Resource: '*' });
    return cloud.client(LambdaClient, { credentials });
  }

  test('is added to the policy when the caller may change it', async () => {
    const uri = await imageIn('open');
    await create(
      'adds-right',
      uri,
      {},
      await deployer('changer', 'ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'),
    );
    expect((await policyOf('open')).Statement).toEqual([
      { Sid: 'LambdaECRImageRetrievalPolicy', Principal: { Service: 'lambda.amazonaws.com' }, ...reading },
    ]);
  });

  test('is missed when the caller may not change the policy', async () => {
    const uri = await imageIn('closed');
    await expect(create('no-right', uri, {}, await deployer('creator'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('Lambda does not have permission to access the ECR image'),
    });
  });

  test('may be limited to the functions of an account, as the CDK bootstrap does', async () => {
    const uri = await imageIn('limited');
    const limitedTo = (owner: string) =>
      ecr.send(
        new SetRepositoryPolicyCommand({
          repositoryName: 'limited',
          policyText: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              ...reading,
              Principal: { Service: 'lambda.amazonaws.com' },
              Condition: { StringLike: { 'aws:sourceArn': functionArn('*').replace(account, owner) } },
            },
          }),
        }),
      );
    const lambda = await deployer('limited');
    await limitedTo('111111111111');
    await expect(create('not-its', uri, {}, lambda)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await limitedTo(account);
    await expect(create('its', uri, {}, lambda)).resolves.toMatchObject({ PackageType: 'Image' });
  });

  test('across accounts is needed by Lambda and by the caller', async () => {
    const owner = '111111111111';
    const credentials = { accessKeyId: owner, secretAccessKey: 'test' };
    const registry = cloud.client(ECRClient, { credentials });
    const host = `${owner}.dkr.ecr.us-east-1.amazonaws.com`;
    const theirs = createDocker(cloud.endpoint, registry, host);
    await registry.send(new CreateRepositoryCommand({ repositoryName: 'shared' }));
    const Dockerfile = `${base}\nCOPY index.mjs ./\nCMD ["index.first"]\n`;
    const uri = await theirs.buildAndPush('shared:one', { Dockerfile, 'index.mjs': source });
    theirs.remove();
    const share = (...Principals: object[]) => {
      const Statement = Principals.map((Principal) => ({ ...reading, Principal }));
      const policyText = JSON.stringify({ Version: '2012-10-17', Statement });
      return registry.send(new SetRepositoryPolicyCommand({ repositoryName: 'shared', policyText }));
    };
    const [lambda, us] = [{ Service: 'lambda.amazonaws.com' }, { AWS: `arn:aws:iam::${account}:root` }];
    await share(lambda);
    await expect(create('borrowed', uri)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await share(us);
    await expect(create('borrowed', uri)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await share(lambda, us);
    await create('borrowed', uri);
    expect((await cloud.invoke('borrowed')).value).toMatchObject({ from: 'first' });
  });
});
