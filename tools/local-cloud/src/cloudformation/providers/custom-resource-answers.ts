import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Cloud, RawRequest, Route } from '../../service.ts';

/** What a custom resource's provider puts to the response URL ("Custom resource response objects", User Guide). */
export interface CustomResourceAnswer {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly NoEcho?: boolean;
  readonly Data?: Readonly<Record<string, unknown>>;
}

interface Waiting {
  readonly token: string;
  readonly answer: (body: Buffer) => void;
}

/** Requests under way, by their ID. They belong to this process: state does not keep them. */
const waitingIn = new WeakMap<Cloud, Map<string, Waiting>>();

const hostPrefix = 'cloudformation-custom-resource-response-';

/** "Custom resource response objects": the body's size, in bytes. */
const largestAnswer = 4096;

/** Opens a URL for one answer. `answered` resolves with its body; `close` forgets the URL. */
export function openAnswer(cloud: Cloud, region: string) {
  const requests = waitingIn.get(cloud) ?? new Map<string, Waiting>();
  waitingIn.set(cloud, requests);
  const [id, token] = [randomUUID(), randomUUID()];
  const answered = new Promise<Buffer>((resolve) => requests.set(id, { token, answer: resolve }));
  return {
    id,
    url: `https://${hostPrefix}${region}.s3.${region}.amazonaws.com/${id}?token=${token}`,
    answered,
    close: () => void requests.delete(id),
  };
}

/** Reads an answer. Throws when it is too long or no JSON object, as CloudFormation words it. */
export function readAnswer(body: Buffer): CustomResourceAnswer {
  if (body.length > largestAnswer) throw new Error('Response object is too long.');
  try {
    const answer: unknown = JSON.parse(body.toString());
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // Told below.
  }
  throw new Error('Invalid Response object: it is not a JSON object.');
}

/**
 * Where providers answer: a pre-signed S3 URL on AWS. The Lambda environment sends its `https` here and keeps the Host
 * header. The token in the URL is the permission, as the signature is on AWS.
 */
export const customResourceAnswers: Route = {
  matches: ({ headers }) => headers.host?.startsWith(hostPrefix) ?? false,
  async handle(request, response, cloud) {
    const status = accept(request, cloud);
    response.writeHead(status, { 'content-length': 0 }).end();
  },
};

function accept(request: RawRequest, cloud: Cloud): number {
  if (request.method !== 'PUT') return 405;
  const waiting = waitingIn.get(cloud)?.get(request.path.slice(1));
  const [given, wanted] = [request.query.get('token') ?? '', waiting?.token ?? ''].map((text) => Buffer.from(text));
  if (!waiting || !given || !wanted || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 403;
  waiting.answer(request.body);
  return 200;
}
