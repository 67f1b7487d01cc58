import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { failed } from './answers.ts';
import { attributeOf, loadBalancerAttributes } from './attributes.ts';
import { chooseGroup, chooseTarget } from './choose-target.ts';
import { addressOf } from './connect.ts';
import type { Passage } from './data-plane.ts';
import { begin } from './in-flight.ts';

/** "Troubleshoot your Application Load Balancers", HTTP 504: how long a connection may take to be established. */
const connectionTimeout = 10_000;

/** Passes a request on to a target and its answer back, both as they come. */
export async function forward(
  action: Action,
  request: IncomingMessage,
  response: ServerResponse,
  passage: Passage,
): Promise<void> {
  const { cloud, place, state, loadBalancer } = passage;
  const group = chooseGroup(state, action);
  const target = group && chooseTarget(group);
  if (!target) {
    request.resume();
    return failed(response, 503);
  }
  // The client may be gone by now.
  if (response.destroyed) return;
  const { signal, end } = begin(target);
  response.once('close', end);
  const host = await addressOf(cloud, place, loadBalancer, target, target.port);
  if (!host) {
    request.resume();
    await cloud.clock.sleep(connectionTimeout);
    return failed(response, 504);
  }

  const idle = idleTimer(passage, () => {
    upstream.destroy();
    failed(response, 504);
  });
  const upstream = httpRequest(
    {
      host,
      port: target.port,
      method: request.method,
      path: passage.url,
      headers: headersFor(request, passage),
      signal,
    },
    (answer) => {
      idle.restart();
      response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
      answer.on('data', idle.restart);
      // An answer that breaks off breaks off for the client too.
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    },
  );
  upstream.on('error', () => {
    idle.stop();
    if (!response.destroyed) failed(response, 502);
  });
  response.once('close', () => {
    idle.stop();
    upstream.destroy();
  });
  request.on('data', idle.restart);
  request.pipe(upstream);
}

/** Calls `run` when nothing has moved for the load balancer's idle timeout. */
function idleTimer({ cloud, loadBalancer }: Passage, run: () => void) {
  const seconds = attributeOf(loadBalancerAttributes, loadBalancer.attributes, 'idle_timeout.timeout_seconds');
  const arm = () => cloud.clock.after(Number(seconds) * 1000, run);
  let stop = arm();
  return {
    restart() {
      stop();
      stop = arm();
    },
    stop: () => stop(),
  };
}

/** RFC 9110, section 7.6.1: they are between two neighbours. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function withoutHopByHop(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  // Names with a colon are HTTP/2's own.
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !name.startsWith(':')));
}

/** "HTTP headers and Application Load Balancers": what is added and changed on the way to the target. */
function headersFor(request: IncomingMessage, { cloud, loadBalancer, listener, seen }: Passage): OutgoingHttpHeaders {
  const attribute = (key: string) => attributeOf(loadBalancerAttributes, loadBalancer.attributes, key);
  const dropInvalid = attribute('routing.http.drop_invalid_header_fields.enabled') === 'true';
  const kept = Object.entries(withoutHopByHop(request.headers)).filter(
    ([name]) => !dropInvalid || /^[a-z0-9-]+$/.test(name),
  );
  // A body of unknown length is passed on in chunks.
  const chunked = request.headers['transfer-encoding'] !== undefined;
  const headers: OutgoingHttpHeaders = {
    ...Object.fromEntries(kept),
    ...(chunked && { 'transfer-encoding': 'chunked' }),
    ...forwardedFor(request, seen.source, attribute),
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(listener.port),
    'x-amzn-trace-id': traceId(request.headers['x-amzn-trace-id'], cloud.clock.now()),
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

function forwardedFor(
  { headers, socket }: IncomingMessage,
  source: string,
  attribute: (key: string) => string,
): OutgoingHttpHeaders {
  const given = headers['x-forwarded-for'];
  const mode = attribute('routing.http.xff_header_processing.mode');
  if (mode === 'remove') return { 'x-forwarded-for': undefined };
  if (mode === 'preserve') return given === undefined ? {} : { 'x-forwarded-for': given };
  const withPort = attribute('routing.http.xff_client_port.enabled') === 'true';
  const client = withPort ? `${source}:${socket.remotePort}` : source;
  return { 'x-forwarded-for': given === undefined ? client : `${given}, ${client}` };
}

/**
 * "Request tracing for your Application Load Balancer": a request without a trace begins one, one with a trace gets the
 * load balancer's own field in it.
 */
function traceId(given: string | string[] | undefined, now: number): string {
  const own = `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  const fields = String(given ?? '')
    .split(';')
    .filter((field) => field !== '' && !field.startsWith('Self='));
  if (!fields.some((field) => field.startsWith('Root='))) return [...fields, `Root=${own}`].join(';');
  return [`Self=${own}`, ...fields].join(';');
}
