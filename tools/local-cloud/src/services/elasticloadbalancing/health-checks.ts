import { get } from 'node:http';
import type { TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cloud } from '../../service.ts';
import { addressOf } from './connect.ts';
import { matchesCode } from './health-check-settings.ts';
import {
  elbState,
  loadBalancersOf,
  type Place,
  type StoredLoadBalancer,
  type StoredTarget,
  type StoredTargetGroup,
} from './state.ts';

interface Check {
  readonly place: Place;
  readonly abort: AbortController;
}

/** The checks under way in each cloud, by target. */
const checking = new WeakMap<Cloud, Map<StoredTarget, Check>>();

function checksIn(cloud: Cloud): Map<StoredTarget, Check> {
  const known = checking.get(cloud) ?? new Map<StoredTarget, Check>();
  checking.set(cloud, known);
  return known;
}

/** Checks every target of every group that a load balancer uses, and no other. Called after each change. */
export function reconcile(cloud: Cloud, { account, region }: Place): void {
  const state = elbState(cloud, { account, region });
  const running = checksIn(cloud);
  const wanted = new Map<StoredTarget, readonly [StoredTargetGroup, StoredLoadBalancer]>();
  for (const group of state.targetGroups.values()) {
    const loadBalancer = state.loadBalancers.get(loadBalancersOf(state, group.arn)[0] ?? '');
    if (!loadBalancer) continue;
    for (const target of group.targets.values()) {
      if (target.health.State !== 'draining') wanted.set(target, [group, loadBalancer]);
    }
  }
  for (const [target, { place, abort }] of running) {
    if (place.account !== account || place.region !== region || wanted.has(target)) continue;
    abort.abort();
    running.delete(target);
  }
  for (const [target, [group, loadBalancer]] of wanted) {
    if (running.has(target)) continue;
    const abort = new AbortController();
    running.set(target, { place: { account, region }, abort });
    target.health = initial;
    void check(cloud, { account, region }, { group, loadBalancer, target }, abort.signal);
  }
}

/** Takes the checks up again that state from an earlier run has targets for. */
export function reconcileAll(cloud: Cloud): void {
  for (const place of cloud.scopes('elasticloadbalancing')) reconcile(cloud, place);
}

export function endChecks(cloud: Cloud): void {
  for (const { abort } of checksIn(cloud).values()) abort.abort();
  checksIn(cloud).clear();
}

const initial: TargetHealth = {
  State: 'initial',
  Reason: 'Elb.InitialHealthChecking',
  Description: 'Initial health checks in progress',
};

/**
 * Every node of a load balancer checks a new target for itself and the first success brings it into service ("Health
 * checks for Application Load Balancer target groups"), so that it is looked at more often than its interval at first.
 */
const firstInterval = 500;

interface Checked {
  readonly group: StoredTargetGroup;
  readonly loadBalancer: StoredLoadBalancer;
  readonly target: StoredTarget;
}

async function check(cloud: Cloud, place: Place, checked: Checked, signal: AbortSignal): Promise<void> {
  const { group, target } = checked;
  let begun = cloud.clock.now();
  while (!signal.aborted) {
    const failure = await problemOf(cloud, place, checked).catch(() => failedChecks);
    if (signal.aborted) return;
    const { HealthCheckIntervalSeconds = 30 } = group.settings;
    const interval = HealthCheckIntervalSeconds * 1000;
    // A failure counts once per interval, however often a new target is looked at.
    if (failure === undefined || target.health.State !== 'initial' || cloud.clock.now() - begun >= interval) {
      count(group, target, failure);
      begun = cloud.clock.now();
    }
    const wait = target.health.State === 'initial' ? Math.min(firstInterval, interval) : interval;
    await cloud.clock.sleep(wait, signal).catch(() => undefined);
  }
}

/** Counts one result: a new target needs one success, others as many in a row as their group says. */
function count({ settings }: StoredTargetGroup, target: StoredTarget, failure: TargetHealth | undefined): void {
  const { HealthyThresholdCount = 5, UnhealthyThresholdCount = 2 } = settings;
  target.successes = failure ? 0 : target.successes + 1;
  target.failures = failure ? target.failures + 1 : 0;
  const isNew = target.health.State === 'initial';
  if (!failure && (isNew || target.successes >= HealthyThresholdCount)) target.health = { State: 'healthy' };
  // What is already unhealthy says why the last check failed.
  const isUnhealthy = target.health.State === 'unhealthy';
  if (failure && (isUnhealthy || target.failures >= UnhealthyThresholdCount)) target.health = failure;
}

const unhealthy = (Reason: TargetHealth['Reason'], Description: string): TargetHealth => ({
  State: 'unhealthy',
  Reason,
  Description,
});

const failedChecks = unhealthy('Target.FailedHealthChecks', 'Health checks failed');

async function problemOf(cloud: Cloud, place: Place, { group, loadBalancer, target }: Checked) {
  const { HealthCheckPort = 'traffic-port', HealthCheckPath = '/', HealthCheckTimeoutSeconds = 5 } = group.settings;
  const port = HealthCheckPort === 'traffic-port' ? target.port : Number(HealthCheckPort);
  const host = await addressOf(cloud, place, loadBalancer, target, port).catch(() => undefined);
  if (!host) return unhealthy('Target.Timeout', 'Request timed out');
  return new Promise<TargetHealth | undefined>((resolve) => {
    const request = get(
      {
        host,
        port,
        path: HealthCheckPath,
        headers: { host: `${target.id}:${port}`, 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' },
        // The network's time, not the clock's: a target that answers stays healthy when the clock is moved.
        signal: AbortSignal.timeout(HealthCheckTimeoutSeconds * 1000),
      },
      (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        const isExpected = matchesCode(group.settings.Matcher ?? {}, statusCode);
        const codes = `Health checks failed with these codes: [${statusCode}]`;
        resolve(isExpected ? undefined : unhealthy('Target.ResponseCodeMismatch', codes));
      },
    );
    request.on('error', (error) => {
      const isTimeout = error.name === 'TimeoutError' || (error as NodeJS.ErrnoException).code === 'ABORT_ERR';
      resolve(isTimeout ? unhealthy('Target.Timeout', 'Request timed out') : failedChecks);
    });
  });
}
