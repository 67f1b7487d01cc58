import type {
  CreateListenerCommandInput,
  CreateListenerCommandOutput,
  DeleteListenerCommandInput,
  DeleteListenerCommandOutput,
  DescribeListenersCommandInput,
  DescribeListenersCommandOutput,
  Listener,
  ModifyListenerCommandInput,
  ModifyListenerCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operation } from '../../service.ts';
import { checkActions } from './actions.ts';
import { creating, demand, onAll } from './demands.ts';
import { elbError, noListener, page, validationError } from './errors.ts';
import { reconcile } from './health-checks.ts';
import { loadBalancerOf } from './load-balancers.ts';
import { type ElbState, elbArn, elbState, newId, pathOf, type StoredListener } from './state.ts';
import { checkTags, setTags } from './tags.ts';

export function listenerOf(state: ElbState, arn = ''): StoredListener {
  const found = state.listeners.get(arn);
  if (!found) throw noListener(arn);
  return found;
}

interface Wanted {
  readonly Protocol?: string | undefined;
  readonly Port?: number | undefined;
  readonly Certificates?: readonly { readonly CertificateArn?: string | undefined }[] | undefined;
}

/** HTTP only: a listener with TLS needs a certificate of ACM, which this cloud does not have. */
function checkProtocol({ Protocol, Certificates = [] }: Wanted): void {
  if (Protocol === 'HTTP') return;
  if (Protocol !== 'HTTPS')
    throw elbError(
      'UnsupportedProtocol',
      `Listener protocol '${Protocol}' is not supported for a load balancer of type 'application'`,
    );
  const [certificate] = Certificates;
  if (!certificate) throw elbError('ValidationError', 'A certificate must be specified for HTTPS listeners');
  throw elbError(
    'CertificateNotFound',
    `Certificate '${certificate.CertificateArn}' not found: the embedded cloud has no certificates`,
  );
}

function checkPort(
  state: ElbState,
  loadBalancerArn: string,
  port: number | undefined,
  except?: StoredListener,
): number {
  if (port === undefined) throw validationError('A listener port must be specified');
  if (port < 1 || port > 65_535) throw validationError(`Port '${port}' must be between 1 and 65535 inclusive`);
  const taken = [...state.listeners.values()].some(
    (one) => one !== except && one.loadBalancerArn === loadBalancerArn && one.port === port,
  );
  if (taken) throw elbError('DuplicateListener', 'A listener already exists on this port for this load balancer');
  return port;
}

const createListener = operation<CreateListenerCommandInput, CreateListenerCommandOutput>({
  demands: ({ LoadBalancerArn = '', Tags }, call) => [
    ...demand('CreateListener', LoadBalancerArn),
    ...creating('CreateListener', `listener/${pathOf(LoadBalancerArn)}/*`, Tags, call).slice(1),
  ],
  run(input, call) {
    const state = elbState(call.cloud, call);
    const loadBalancer = loadBalancerOf(state, input.LoadBalancerArn);
    checkProtocol(input);
    const port = checkPort(state, loadBalancer.arn, input.Port);
    const actions = checkActions(state, loadBalancer, input.DefaultActions);
    checkTags(input.Tags);
    const arn = elbArn(call, `listener/${pathOf(loadBalancer.arn)}/${newId()}`);
    const created: StoredListener = { arn, loadBalancerArn: loadBalancer.arn, port, actions };
    state.listeners.set(arn, created);
    setTags(state, arn, input.Tags);
    reconcile(call.cloud, call);
    return { Listeners: [described(created)] };
  },
});

const modifyListener = operation<ModifyListenerCommandInput, ModifyListenerCommandOutput>({
  demands: ({ ListenerArn }) => demand('ModifyListener', ListenerArn),
  run(input, call) {
    const state = elbState(call.cloud, call);
    const found = listenerOf(state, input.ListenerArn);
    const loadBalancer = loadBalancerOf(state, found.loadBalancerArn);
    if (input.Protocol !== undefined) checkProtocol(input);
    const port = checkPort(state, loadBalancer.arn, input.Port ?? found.port, found);
    const actions = input.DefaultActions ? checkActions(state, loadBalancer, input.DefaultActions) : found.actions;
    Object.assign(found, { port, actions });
    reconcile(call.cloud, call);
    return { Listeners: [described(found)] };
  },
});

const deleteListener = operation<DeleteListenerCommandInput, DeleteListenerCommandOutput>({
  demands: ({ ListenerArn }) => demand('DeleteListener', ListenerArn),
  run({ ListenerArn }, call) {
    const state = elbState(call.cloud, call);
    const { arn } = listenerOf(state, ListenerArn);
    const rules = [...state.rules.values()].filter(({ listenerArn }) => listenerArn === arn);
    for (const rule of rules) state.rules.delete(rule.arn);
    state.listeners.delete(arn);
    for (const gone of [arn, ...rules.map((rule) => rule.arn)]) state.tags.delete(gone);
    reconcile(call.cloud, call);
    return {};
  },
});

const describeListeners = operation<DescribeListenersCommandInput, DescribeListenersCommandOutput>({
  demands: onAll('DescribeListeners'),
  run({ LoadBalancerArn, ListenerArns, ...paging }, call) {
    const state = elbState(call.cloud, call);
    if (LoadBalancerArn !== undefined) loadBalancerOf(state, LoadBalancerArn);
    else if (!ListenerArns) throw validationError('Either listener ARNs or a load balancer ARN must be specified');
    for (const arn of ListenerArns ?? []) listenerOf(state, arn);
    const chosen = [...state.listeners.values()].filter((one) =>
      LoadBalancerArn === undefined ? ListenerArns?.includes(one.arn) : one.loadBalancerArn === LoadBalancerArn,
    );
    const { items, NextMarker } = page(chosen, paging);
    return { Listeners: items.map(described), NextMarker };
  },
});

function described({ arn, loadBalancerArn, port, actions }: StoredListener): Listener {
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancerArn,
    Port: port,
    Protocol: 'HTTP',
    DefaultActions: [...actions],
  };
}

export const listenerOperations = {
  CreateListener: createListener,
  ModifyListener: modifyListener,
  DeleteListener: deleteListener,
  DescribeListeners: describeListeners,
};
