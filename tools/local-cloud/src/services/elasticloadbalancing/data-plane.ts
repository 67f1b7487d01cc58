import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cloud } from '../../service.ts';
import { failed, fixedResponse, redirect } from './answers.ts';
import { conditionsHold, type Seen } from './conditions.ts';
import { forward } from './forward.ts';
import { dnsNameOf } from './load-balancers.ts';
import { letsThrough } from './network.ts';
import { loadBalancerPath } from './path.ts';
import { rulesOf } from './rules.ts';
import { type ElbState, elbState, type Place, type StoredListener, type StoredLoadBalancer } from './state.ts';

/** A request on its way through a load balancer. */
export interface Passage {
  readonly cloud: Cloud;
  readonly place: Place;
  readonly state: ElbState;
  readonly loadBalancer: StoredLoadBalancer;
  readonly listener: StoredListener;
  /** Path and query as the target gets them. */
  readonly url: string;
  readonly seen: Seen;
}

/** `/load-balancer/<label>[:port]/…` stands for `http://<label>.<region>.elb.amazonaws.com[:port]/…`. */
export async function serve(request: IncomingMessage, response: ServerResponse, cloud: Cloud): Promise<void> {
  const [, label = '', port = '80', rest = ''] =
    /^([^/:?]+)(?::(\d+))?(.*)$/s.exec((request.url ?? '').slice(loadBalancerPath.length)) ?? [];
  const found = findListener(cloud, label, Number(port));
  if (!found) return refuse(response, cloud, `nothing listens at ${loadBalancerPath}${label} on port ${port}`);
  const url = rest.startsWith('/') ? rest : `/${rest}`;
  const seen = seenOf(request, url, dnsNameOf(found.loadBalancer, cloud.endpoint), cloud.endpoint);
  const passage: Passage = { cloud, url, seen, ...found };
  if (!(await isLetIn(passage))) {
    const { name, securityGroups } = found.loadBalancer;
    return refuse(
      response,
      cloud,
      `${securityGroups.join(', ')} of ${name}: no rule lets ${seen.source} in on port ${port}`,
    );
  }
  const [action] = actionsFor(passage);
  await carryOut(action, request, response, passage);
}

/** A connection that nobody takes: the client sees it end without an answer, the cloud's log says why. */
function refuse(response: ServerResponse, cloud: Cloud, why: string): void {
  cloud.log(`load balancer: ${why}`);
  response.destroy();
}

function findListener(cloud: Cloud, label: string, port: number) {
  for (const place of cloud.scopes('elasticloadbalancing')) {
    const state = elbState(cloud, place);
    const loadBalancer = [...state.loadBalancers.values()].find(({ dnsLabel }) => dnsLabel === label);
    const listener = [...state.listeners.values()].find(
      (one) => one.loadBalancerArn === loadBalancer?.arn && one.port === port,
    );
    if (loadBalancer && listener) return { place, state, loadBalancer, listener };
  }
  return undefined;
}

function seenOf(request: IncomingMessage, url: string, dnsName: string, endpoint: string): Seen {
  const [path = '/', ...query] = url.split('?');
  const given = request.headers.host ?? '';
  // The endpoint's own host stands for the load balancer's name.
  const host = given === new URL(endpoint).host ? dnsName : given.replace(/:\d+$/, '');
  return {
    method: request.method ?? 'GET',
    host,
    path,
    query: new URLSearchParams(query.join('?')),
    source: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    header(name) {
      const value = request.headers[name.toLowerCase()];
      return value === undefined ? [] : Array.isArray(value) ? value : [value];
    },
  };
}

/** Security groups of an internal load balancer speak of its VPC, which everybody on this machine stands in. */
async function isLetIn({ cloud, place, loadBalancer, listener, seen }: Passage): Promise<boolean> {
  const { securityGroups: groups, scheme } = loadBalancer;
  if (scheme === 'internal') return true;
  const other = { address: seen.source, groups: [] };
  return letsThrough(cloud, place, { groups, direction: 'IpPermissions', port: listener.port, other });
}

function actionsFor({ state, listener, seen }: Passage): readonly Action[] {
  const rule = rulesOf(state, listener).find(({ conditions }) => conditionsHold(conditions, seen));
  return (rule ?? listener).actions;
}

async function carryOut(
  action: Action | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  passage: Passage,
): Promise<void> {
  if (action?.Type === 'forward') return forward(action, request, response, passage);
  // What is not forwarded is not read either.
  request.resume();
  if (action?.FixedResponseConfig) return fixedResponse(response, action.FixedResponseConfig);
  if (action?.RedirectConfig) return redirect(response, action.RedirectConfig, passage);
  return failed(response, 503);
}
