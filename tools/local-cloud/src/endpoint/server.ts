import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../errors.ts';
import type { Faults } from '../faults/active-faults.ts';
import { ConnectionCut } from '../faults/fault.ts';
import { anonymous } from '../iam/service-caller.ts';
import { modelOf, type ServiceModel } from '../protocols/model.ts';
import type { Answer, Protocol } from '../protocols/protocol.ts';
import { type Call, type Cloud, operationsOf, type RawRequest, type Service } from '../service.ts';
import { unchunk } from './aws-chunked.ts';
import { answerControl, isControl } from './control.ts';
import { credentialScope } from './credential-scope.ts';
import { resetConnection, sendHalf } from './cut-connection.ts';
import { dispatch, notImplemented } from './dispatch.ts';
import { createListener, type Listener } from './listener.ts';
import { answerMalformed } from './malformed.ts';
import { protocolOf } from './protocol-of.ts';
import { readBody, readHalf, readHead } from './read-request.ts';
import { sendStream } from './send-stream.ts';
import { serviceOf } from './service-of.ts';
import { signatureErrorFor } from './sigv4.ts';
import { missingCredentials } from './sigv4-errors.ts';
import { unsignedService } from './unsigned.ts';

/** The HTTP front door: signature → service by credential scope → protocol → operation → IAM → service. */
export function createEndpoint(cloud: Cloud, services: ReadonlyMap<string, Service>, faults: Faults): Listener {
  const routes = [...services.values()].flatMap((service) => service.routes ?? []);
  const streams = [...services.values()].flatMap((service) => service.streams ?? []);
  return createListener((request, response) => {
    handle(request, response).catch((error) => {
      if (error instanceof ConnectionCut) return resetConnection(response);
      // The client went away in the middle of its request: nobody is there to be answered.
      if (response.destroyed) return;
      if (error instanceof AwsError) return answerMalformed(response, error);
      cloud.log(`unexpected: ${(error as Error).stack}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stream = streams.find((candidate) => candidate.matches(request.url ?? ''));
    if (stream) return stream.handle(request, response, cloud);
    // By it the SDKs learn that their clock is not the cloud's.
    response.setHeader('date', new Date(cloud.clock.now()).toUTCString());
    const head = readHead(request, response);
    const cut = await earlyCut(head);
    if (cut === 'request') await readHalf(request);
    if (cut) throw new ConnectionCut();
    const raw = { ...head, body: await readBody(request) };
    if (isControl(raw)) return send(response, await answerControl(raw, { cloud, services, faults }));
    const route = routes.find((candidate) => candidate.matches(raw));
    if (route) return route.handle(raw, response, cloud);
    const { cutShort, ...complete } = await answer(raw);
    await (cutShort ? sendHalf : send)(response, complete);
  }

  /** A cut that does not wait for the body, where the head is all there is to match it with. */
  async function earlyCut(head: RawRequest): Promise<'connect' | 'request' | undefined> {
    const service = serviceOf(head, services);
    if (!service || !faults.anyEarly) return undefined;
    const model = await modelOf(service);
    return faults.earlyCut(service.name, operationInHead(head, service, model));
  }

  async function answer(raw: RawRequest): Promise<Answer & { cutShort?: boolean }> {
    const requestId = randomUUID();
    const scope = credentialScope(raw);
    const open = scope ? undefined : unsignedService(raw, services.values());
    const service = serviceOf(raw, services) ?? open;
    const protocol = protocolOf(raw, service);
    let model: ServiceModel | undefined;
    try {
      if (scope && !service) throw unknownService(scope.service);
      const identity = open ? { caller: anonymous, region: 'us-east-1' } : await authenticate(raw, protocol);
      if (!service) throw unknownService(scope?.service ?? '');
      model = await modelOf(service);
      const request = withPlainBody(raw);
      const name = protocol.operationName(request, model);
      const operation = model.operations.get(name);
      if (!operation || !(await operationsOf(service))[name]) throw await notImplemented(service, name, cloud);
      const input = await protocol.readInput(request, operation, model);
      const { caller, region } = identity;
      const call = { cloud, caller, account: caller.account, region, requestId, signal: raw.signal };
      const { output, cutShort } = await dispatched(service, name, input, call);
      const written = await protocol.writeOutput(output, operation, { request, model, requestId });
      return { ...withRequestId(written, requestId), cutShort };
    } catch (error) {
      if (error instanceof ConnectionCut) throw error;
      return withRequestId(protocol.writeError(asAwsError(error), { request: raw, model, requestId }), requestId);
    }
  }

  async function dispatched(service: Service, name: string, input: Record<string, unknown>, call: Call) {
    try {
      return { output: await dispatch(service, name, input, call, faults), cutShort: false };
    } catch (error) {
      if (error instanceof ConnectionCut && error.output) return { output: error.output, cutShort: true };
      throw error;
    }
  }

  async function authenticate(raw: RawRequest, protocol: Protocol) {
    try {
      const identity = await cloud.authenticate(raw);
      if (identity) return identity;
    } catch (error) {
      throw error instanceof AwsError
        ? signatureErrorFor(protocol.name === 'cbor' ? 'json' : protocol.name, error)
        : error;
    }
    if (protocol.name === 'rest-xml') throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
    if (protocol.name === 'ec2-query') throw missingCredentials();
    const code = protocol.name === 'query' ? 'MissingAuthenticationToken' : 'MissingAuthenticationTokenException';
    throw new AwsError(code, 'Missing Authentication Token', { status: 403 });
  }

  function unknownService(name: string): AwsError {
    cloud.log(`not implemented: service '${name}'`);
    const known = [...services.keys()].sort().join(', ');
    return new AwsError('NotImplementedException', `The embedded cloud has no service '${name}'. It has: ${known}.`, {
      status: 501,
    });
  }

  function asAwsError(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    cloud.log(`unexpected: ${(error as Error).stack}`);
    return new AwsError('InternalFailure', `The embedded cloud failed: ${(error as Error).message}`, { status: 500 });
  }
}

function operationInHead(head: RawRequest, service: Service, model: ServiceModel): string | undefined {
  try {
    return protocolOf(head, service).operationName(head, model);
  } catch {
    return undefined;
  }
}

/** `aws-chunked` framing is how the SDKs stream; what it frames is the body. */
function withPlainBody(raw: RawRequest): RawRequest {
  const encoding = String(raw.headers['content-encoding'] ?? '');
  const chunked =
    encoding.includes('aws-chunked') || String(raw.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!chunked) return raw;
  const rest = encoding
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked');
  const headers = { ...raw.headers };
  delete headers['content-encoding'];
  if (rest.length > 0 && rest[0] !== '') headers['content-encoding'] = rest.join(',');
  const { body, trailers } = unchunk(raw.body, raw.headers);
  return { ...raw, headers: { ...headers, ...trailers }, body };
}

function withRequestId(answer: Answer, requestId: string): Answer {
  return { ...answer, headers: { 'x-amzn-requestid': requestId, ...answer.headers } };
}

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return sendStream(response, status, headers, body);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // A HEAD answer states the length of the object it does not carry.
  response.writeHead(status, { 'content-length': bytes.byteLength, ...headers });
  response.end(bytes);
}
