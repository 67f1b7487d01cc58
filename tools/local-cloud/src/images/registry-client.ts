import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { ecrRegistry, readImageReference } from './image-reference.ts';
import type { ImageStore } from './image-store.ts';
import { ImageError, mediaTypes, type OciManifest, sha256 } from './oci.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface RegistryClient {
  readonly repository: string;
  readonly reference: string;
  call(method: string, path: string, content?: { body: Uint8Array | string; type: string }): Promise<Answer>;
}

/** Sends an image of the store to the embedded cloud's ECR, blobs the registry has already left out. */
export async function pushImage(name: string, store: ImageStore): Promise<string> {
  const { digest, manifest } = await store.image(name);
  const client = await connect(name, store);
  const { repository, reference } = client;
  for (const { digest: blob } of [manifest.config, ...manifest.layers]) {
    const known = await client.call('HEAD', `/v2/${repository}/blobs/${blob}`);
    if (known.status === 200) continue;
    const start = expectStatus(202, await client.call('POST', `/v2/${repository}/blobs/uploads/`), name);
    const place = `${start.headers.location}?digest=${blob}`;
    const body = await store.readBlob(blob);
    expectStatus(201, await client.call('PUT', place, { body, type: 'application/octet-stream' }), name);
  }
  const body = await store.readBlob(digest);
  const path = `/v2/${repository}/manifests/${reference}`;
  expectStatus(201, await client.call('PUT', path, { body, type: manifest.mediaType }), name);
  return digest;
}

/** Fetches an image of the embedded cloud's ECR into the store. */
export async function pullImage(name: string, store: ImageStore): Promise<void> {
  const client = await connect(name, store);
  const { repository, reference } = client;
  const { body } = expectStatus(200, await client.call('GET', `/v2/${repository}/manifests/${reference}`), name);
  const manifest = JSON.parse(body.toString()) as OciManifest;
  if (manifest.config === undefined) {
    throw new ImageError(`${name} is an index of several platforms, which is not supported; push one platform's image`);
  }
  for (const { digest } of [manifest.config, ...manifest.layers]) {
    if (await store.hasBlob(digest)) continue;
    const blob = expectStatus(200, await client.call('GET', `/v2/${repository}/blobs/${digest}`), name).body;
    if (sha256(blob) !== digest) throw new ImageError(`${name}: what came for ${digest} is something else`);
    await store.writeBlob(blob);
  }
  await store.tag(name, await store.writeBlob(body));
}

/** What `docker login` does: the password is kept for the registry of the cloud at AWS_ENDPOINT_URL. */
export async function logIn(host: string, password: string, store: ImageStore): Promise<void> {
  await store.saveLogin({ endpoint: embeddedCloud().origin, host }, password);
}

async function connect(name: string, store: ImageStore): Promise<RegistryClient> {
  const { host, repository, reference } = readImageReference(name);
  if (host === undefined || !ecrRegistry(host)) {
    throw new ImageError(
      `${name}: only the embedded cloud's ECR can be reached, with names like 000000000000.dkr.ecr.us-east-1.amazonaws.com/repository:tag`,
    );
  }
  const endpoint = embeddedCloud();
  const password = await store.login({ endpoint: endpoint.origin, host });
  if (password === undefined) throw new ImageError(`${name}: log in to ${host} first`);
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
  return {
    repository,
    reference,
    call: (method, path, content) => call(new URL(path, endpoint), method, { host, authorization }, content),
  };
}

/** AWS_ENDPOINT_URL. Loopback only: no token may leave the machine. */
function embeddedCloud(): URL {
  const text = process.env['AWS_ENDPOINT_URL'];
  if (!text) throw new ImageError('AWS_ENDPOINT_URL is not set; it says where the embedded cloud listens');
  const url = URL.parse(text);
  if (!url || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
    throw new ImageError(
      `AWS_ENDPOINT_URL=${text} is not the embedded cloud; unset CDK_DOCKER to build and push with Docker`,
    );
  }
  return url;
}

/** `fetch` does not let the Host header be set, which is what names the registry. */
function call(
  url: URL,
  method: string,
  headers: Record<string, string>,
  content?: { body: Uint8Array | string; type: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = content ? { 'content-type': content.type, 'content-length': Buffer.byteLength(content.body) } : {};
    const accept = `${mediaTypes.manifest}, application/vnd.docker.distribution.manifest.v2+json`;
    const request = httpRequest(
      url,
      { method, headers: { accept, ...headers, ...type }, agent: false },
      async (response) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of response) chunks.push(chunk as Buffer);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        } catch (error) {
          reject(error);
        }
      },
    );
    request.on('error', (error) =>
      reject(new ImageError(`${url.origin} does not answer (${error.message}); is the embedded cloud running?`)),
    );
    request.end(content?.body);
  });
}

function expectStatus(status: number, answer: Answer, name: string): Answer {
  if (answer.status === status) return answer;
  throw new ImageError(`${name}: ${reasonOf(answer)}`);
}

function reasonOf({ status, body }: Answer): string {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors: { code: string; message: string }[] };
    return errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
  } catch {
    return `the registry answered ${status}`;
  }
}
