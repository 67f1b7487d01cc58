import { createHash, randomBytes } from 'node:crypto';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { keysOfNewUser } from './users.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ecr: ECRClient;
let token: string;
let made = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  ecr = cloud.client(ECRClient);
  token = await tokenOf(ecr);
});
afterAll(() => cloud.close());

async function tokenOf(client: ECRClient): Promise<string> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  return authorizationData?.[0]?.authorizationToken ?? '';
}

async function newRepository(more: object = {}): Promise<string> {
  const repositoryName = `repository-${++made}`;
  await ecr.send(new CreateRepositoryCommand({ repositoryName, ...more }));
  return repositoryName;
}

/** One request of the Distribution API, as a container client sends it. */
function call(
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization = `Basic ${token}`;
  return fetch(new URL(path, cloud.endpoint), {
    method,
    ...(body && { body }),
    headers: { authorization, ...headers },
  });
}

const digestOf = (content: string | Uint8Array) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

async function pushBlob(repository: string, content: string): Promise<string> {
  const digest = digestOf(content);
  const answer = await call('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, content);
  expect(answer.status).toBe(201);
  return digest;
}

async function pushImage(repository: string, tag: string, salt = ''): Promise<{ manifest: string; answer: Response }> {
  const content = `${salt}layer`;
  const digest = await pushBlob(repository, content);
  const descriptor = { digest, size: content.length, mediaType: 'application/vnd.oci.image.layer.v1.tar' };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: descriptor, layers: [descriptor] });
  const answer = await call('PUT', `/v2/${repository}/manifests/${tag}`, manifest, { 'content-type': mediaType });
  return { manifest, answer };
}

const codeOf = async (answer: Response) => ((await answer.json()) as { errors: { code: string }[] }).errors[0]?.code;

describe('logging in', () => {
  it('challenges who comes without a token, and lets in who has one', async () => {
    const stranger = await fetch(`${cloud.endpoint}/v2/`);
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect((await call('GET', '/v2/')).status).toBe(200);
  });

  it('gives a token for twelve hours, for the registry of the account', async () => {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const [data] = authorizationData ?? [];
    expect(data?.proxyEndpoint).toBe('https://000000000000.dkr.ecr.us-east-1.amazonaws.com');
    const seconds = ((data?.expiresAt?.getTime() ?? 0) - cloud.cloud.clock.now()) / 1000;
    expect(Math.round(seconds / 60)).toBe(720);
  });

  it('refuses an expired token', async () => {
    const other = await startTestCloud();
    const old = await tokenOf(other.client(ECRClient));
    await other.cloud.clock.advance(12 * 3_600_000);
    const answer = await fetch(`${other.endpoint}/v2/`, { headers: { authorization: `Basic ${old}` } });
    await other.close();
    expect(answer.status).toBe(401);
  });
});

describe('pushing and pulling', () => {
  it('takes a blob whole, and gives it back', async () => {
    const repository = await newRepository();
    const digest = await pushBlob(repository, 'content');
    const head = await call('HEAD', `/v2/${repository}/blobs/${digest}`);
    expect(head.headers.get('content-length')).toBe('7');
    expect(await (await call('GET', `/v2/${repository}/blobs/${digest}`)).text()).toBe('content');
    expect((await call('HEAD', `/v2/${repository}/blobs/${digestOf('other')}`)).status).toBe(404);
  });

  it('takes a blob in chunks', async () => {
    const repository = await newRepository();
    const chunks = [randomBytes(1000), randomBytes(500)];
    const start = await call('POST', `/v2/${repository}/blobs/uploads/`);
    expect(start.status).toBe(202);
    const location = start.headers.get('location') ?? '';
    const first = await call('PATCH', location, chunks[0], { 'content-range': '0-999' });
    expect(first.headers.get('range')).toBe('0-999');
    expect((await call('PATCH', location, chunks[1], { 'content-range': '5000-5499' })).status).toBe(416);
    await call('PATCH', location, chunks[1], { 'content-range': '1000-1499' });
    const digest = digestOf(Buffer.concat(chunks));
    expect((await call('PUT', `${location}?digest=${digest}`)).status).toBe(201);
    expect((await call('HEAD', `/v2/${repository}/blobs/${digest}`)).headers.get('content-length')).toBe('1500');
  });

  it('refuses a blob that is not what its digest says', async () => {
    const repository = await newRepository();
    const answer = await call('POST', `/v2/${repository}/blobs/uploads/?digest=${digestOf('other')}`, 'content');
    expect(answer.status).toBe(400);
    expect(await codeOf(answer)).toBe('DIGEST_INVALID');
  });

  it('mounts a blob from another repository', async () => {
    const [from, to] = [await newRepository(), await newRepository()];
    const digest = await pushBlob(from, 'shared');
    expect((await call('POST', `/v2/${to}/blobs/uploads/?mount=${digest}&from=${from}`)).status).toBe(201);
    expect((await call('HEAD', `/v2/${to}/blobs/${digest}`)).status).toBe(200);
  });

  it('shows a pushed image in the API, and gives its manifest back by tag and digest', async () => {
    const repository = await newRepository();
    const { manifest, answer } = await pushImage(repository, 'v1');
    expect(answer.status).toBe(201);
    const digest = answer.headers.get('docker-content-digest');
    expect(digest).toBe(digestOf(manifest));
    for (const reference of ['v1', digest]) {
      const pulled = await call('GET', `/v2/${repository}/manifests/${reference}`);
      expect(pulled.headers.get('content-type')).toBe(mediaType);
      expect(await pulled.text()).toBe(manifest);
    }
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: repository }));
    expect(imageDetails).toMatchObject([{ imageDigest: digest, imageTags: ['v1'] }]);
    const tags = await (await call('GET', `/v2/${repository}/tags/list`)).json();
    expect(tags).toEqual({ name: repository, tags: ['v1'] });
  });

  it('refuses a manifest whose layers are missing, and one that is none', async () => {
    const repository = await newRepository();
    const descriptor = { digest: digestOf('nowhere'), size: 1, mediaType: 'x' };
    const manifest = JSON.stringify({ schemaVersion: 2, config: descriptor, layers: [] });
    const put = (body: string) => call('PUT', `/v2/${repository}/manifests/v1`, body, { 'content-type': mediaType });
    expect(await codeOf(await put(manifest))).toBe('MANIFEST_BLOB_UNKNOWN');
    expect(await codeOf(await put('{}'))).toBe('MANIFEST_INVALID');
  });

  it('keeps the tags of an immutable repository', async () => {
    const repository = await newRepository({ imageTagMutability: 'IMMUTABLE' });
    await pushImage(repository, 'v1');
    const { answer } = await pushImage(repository, 'v1', 'another ');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: [
        {
          code: 'TAG_INVALID',
          message: `The image tag 'v1' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
        },
      ],
    });
  });

  it('answers NAME_UNKNOWN for a repository that is not there', async () => {
    const answer = await call('GET', '/v2/missing/tags/list');
    expect(answer.status).toBe(404);
    expect(await codeOf(answer)).toBe('NAME_UNKNOWN');
  });
});

describe('permissions', () => {
  it('lets a user do in the registry what ECR actions allow', async () => {
    const repository = await newRepository();
    await pushImage(repository, 'v1');
    const allow = (Action: string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
    const credentials = await keysOfNewUser(
      cloud.client(IAMClient),
      'puller',
      allow(['ecr:GetAuthorizationToken'], '*'),
      allow(['ecr:BatchGetImage'], `arn:aws:ecr:us-east-1:000000000000:repository/${repository}`),
    );
    const authorization = `Basic ${await tokenOf(cloud.client(ECRClient, { credentials }))}`;

    const pull = await fetch(`${cloud.endpoint}/v2/${repository}/manifests/v1`, { headers: { authorization } });
    const push = await fetch(`${cloud.endpoint}/v2/${repository}/blobs/uploads/`, {
      method: 'POST',
      headers: { authorization },
    });
    expect(pull.status).toBe(200);
    expect(push.status).toBe(403);
    expect(await codeOf(push)).toBe('DENIED');
  });
});
