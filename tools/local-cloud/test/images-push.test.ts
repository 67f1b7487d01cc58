import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageRoot } from '../src/images/image-root.ts';
import { startTestCloud } from '../src/testing.ts';

const program = fileURLToPath(new URL('../src/images/docker.ts', import.meta.url));
const host = '000000000000.dkr.ecr.us-east-1.amazonaws.com';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ecr: ECRClient;
let folder: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  ecr = cloud.client(ECRClient);
  folder = mkdtempSync(join(tmpdir(), 'images-push-'));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'assets' }));
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the program as the CDK CLI does: a process of its own, password on standard input. */
function docker(args: string[], options: { input?: string; endpoint?: string; cwd?: string } = {}) {
  const env = {
    PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
    STACKYARD_IMAGE_STORE: join(folder, 'store'),
    AWS_ENDPOINT_URL: options.endpoint ?? cloud.endpoint,
  };
  return new Promise<{ code: number; output: string }>((resolve) => {
    const child = execFile(program, args, { env, cwd: options.cwd ?? folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
    child.stdin?.end(options.input ?? '');
  });
}

async function login(): Promise<void> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
  const input = token.slice('AWS:'.length);
  expect(await docker(['login', '--username', 'AWS', '--password-stdin', host], { input })).toMatchObject({ code: 0 });
}

async function buildAndPush(tag: string, files: Record<string, string>): Promise<string> {
  const context = join(folder, tag);
  mkdirSync(context, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(context, name), content);
  const built = await docker(['build', '--tag', `cdkasset-${tag}`, '--platform', 'linux/arm64', '.'], { cwd: context });
  expect(built).toMatchObject({ code: 0 });
  const uri = `${host}/assets:${tag}`;
  await docker(['tag', `cdkasset-${tag}`, uri]);
  expect(await docker(['push', uri])).toMatchObject({ code: 0 });
  return uri;
}

describe('docker, as the CDK CLI calls it', () => {
  it('refuses to push before a login, and to send anything off the machine', async () => {
    const context = join(folder, 'refused');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n');
    await docker(['build', '--tag', `${host}/assets:refused`, '.'], { cwd: context });
    expect(await docker(['push', `${host}/assets:refused`])).toMatchObject({
      code: 1,
      output: expect.stringContaining(`log in to ${host} first`),
    });
    await login();
    const away = await docker(['push', `${host}/assets:refused`], { endpoint: 'https://ecr.example.com' });
    expect(away).toMatchObject({ code: 1, output: expect.stringContaining('is not the embedded cloud') });
  });

  it("keeps the logins of clouds apart, whose registries' names are the same", async () => {
    await login();
    const other = await startTestCloud();
    const refused = await docker(['pull', `${host}/assets:one`], { endpoint: other.endpoint });
    await other.close();
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`log in to ${host} first`) });
  });

  it('pushes an image that ECR then has, and that unpacks to its files', async () => {
    await login();
    const uri = await buildAndPush('one', {
      Dockerfile: 'FROM public.ecr.aws/lambda/nodejs:24\nCOPY index.mjs ./\nCMD ["index.handler"]\n',
      'index.mjs': 'export const handler = () => 1;',
    });
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'assets', imageIds: [{ imageTag: 'one' }] }),
    );
    expect(imageDetails).toHaveLength(1);

    const { root, config } = await imageRoot(cloud.cloud, uri);
    expect(readFileSync(join(root, 'var/task/index.mjs'), 'utf8')).toContain('handler');
    expect(config).toMatchObject({
      architecture: 'arm64',
      config: { Cmd: ['index.handler'], WorkingDir: '/var/task' },
    });
    const byDigest = await imageRoot(cloud.cloud, `${host}/assets@${imageDetails?.[0]?.imageDigest}`);
    expect(byDigest.root).toBe(root);
  });

  it('builds upon an image in the embedded ECR', async () => {
    await login();
    const base = await buildAndPush('base', {
      Dockerfile: 'FROM scratch\nCOPY tool /opt/extensions/tool\n',
      tool: 'run',
    });
    rmSync(join(folder, 'store', 'tags'), { recursive: true });
    const uri = await buildAndPush('derived', {
      Dockerfile: `FROM ${base} AS extensions\nFROM public.ecr.aws/lambda/nodejs:24\nCOPY --from=extensions ./opt/ /opt/\n`,
    });
    const { root } = await imageRoot(cloud.cloud, uri);
    expect(readFileSync(join(root, 'opt/extensions/tool'), 'utf8')).toBe('run');
  });

  it('says what ECR answered when a push fails', async () => {
    await login();
    const context = join(folder, 'homeless');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    await docker(['build', '--tag', `${host}/missing:one`, '.'], { cwd: context });
    expect(await docker(['push', `${host}/missing:one`])).toMatchObject({
      code: 1,
      output: expect.stringContaining(`The repository with name 'missing' does not exist`),
    });
  });
});

describe('imageRoot', () => {
  it('refuses what is not in this ECR', async () => {
    await expect(imageRoot(cloud.cloud, `${host}/assets:nothing`)).rejects.toThrow('does not exist');
    await expect(imageRoot(cloud.cloud, 'docker.io/library/node:24')).rejects.toThrow(
      "not an image of the embedded cloud's ECR",
    );
  });
});
