import { isIPv4 } from 'node:net';
import type {
  DeregisterTargetsCommandInput,
  DeregisterTargetsCommandOutput,
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
  RegisterTargetsCommandInput,
  RegisterTargetsCommandOutput,
  TargetDescription,
  TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Call, operation } from '../../service.ts';
import { attributeOf, targetGroupAttributes } from './attributes.ts';
import { demand } from './demands.ts';
import { elbError } from './errors.ts';
import { reconcile } from './health-checks.ts';
import { abortRequests, requestsTo, whenIdle } from './in-flight.ts';
import { interfaceAt } from './network.ts';
import { elbState, loadBalancersOf, type StoredTarget, type StoredTargetGroup } from './state.ts';
import { targetGroupOf } from './target-groups.ts';

/** States and reasons as "TargetHealth" of the Elastic Load Balancing API Reference words them. */
const notInUse: TargetHealth = {
  State: 'unused',
  Reason: 'Target.NotInUse',
  Description: 'Target group is not configured to receive traffic from the load balancer',
};
const notRegistered: TargetHealth = {
  State: 'unused',
  Reason: 'Target.NotRegistered',
  Description: 'Target is not registered to the target group',
};
const draining: TargetHealth = {
  State: 'draining',
  Reason: 'Target.DeregistrationInProgress',
  Description: 'Target deregistration is in progress',
};
const registering: TargetHealth = {
  State: 'initial',
  Reason: 'Elb.RegistrationInProgress',
  Description: 'Target registration is in progress',
};

const keyOf = ({ settings }: StoredTargetGroup, { Id = '', Port }: TargetDescription) =>
  `${Id}:${Port ?? settings.Port}`;

const registerTargets = operation<RegisterTargetsCommandInput, RegisterTargetsCommandOutput>({
  demands: ({ TargetGroupArn }) => demand('RegisterTargets', TargetGroupArn),
  async run({ TargetGroupArn, Targets = [] }, call) {
    const group = targetGroupOf(elbState(call.cloud, call), TargetGroupArn);
    const zones = await Promise.all(Targets.map((target) => zoneOf(group, target, call)));
    for (const [i, target] of Targets.entries()) {
      const key = keyOf(group, target);
      const existing = group.targets.get(key);
      if (existing && existing.health.State !== 'draining') continue;
      group.targets.set(key, {
        id: target.Id ?? '',
        port: target.Port ?? group.settings.Port ?? 0,
        zone: target.AvailabilityZone ?? zones[i],
        health: registering,
        successes: 0,
        failures: 0,
      });
    }
    reconcile(call.cloud, call);
    return {};
  },
});

/** Throws InvalidTarget for what cannot be a target; returns the zone of the address. */
async function zoneOf(group: StoredTargetGroup, { Id = '', Port }: TargetDescription, call: Call) {
  const { TargetType, VpcId = '' } = group.settings;
  if (Port !== undefined && (Port < 1 || Port > 65_535)) {
    throw elbError('InvalidTarget', `Target port '${Port}' must be between 1 and 65535 inclusive`);
  }
  if (TargetType === 'instance')
    throw elbError('InvalidTarget', `The following targets are not valid instances: '${Id}'`);
  if (!isIPv4(Id)) throw elbError('ValidationError', `The IP address '${Id}' is not a valid IPv4 address`);
  return (await interfaceAt(call.cloud, call, VpcId, Id))?.AvailabilityZone;
}

/**
 * A target without requests under way is gone at once, others have the deregistration delay to end theirs
 * ("Deregistration delay", User Guide for Application Load Balancers).
 */
const deregisterTargets = operation<DeregisterTargetsCommandInput, DeregisterTargetsCommandOutput>({
  demands: ({ TargetGroupArn }) => demand('DeregisterTargets', TargetGroupArn),
  run({ TargetGroupArn, Targets = [] }, { cloud, account, region }) {
    const group = targetGroupOf(elbState(cloud, { account, region }), TargetGroupArn);
    const delay = Number(attributeOf(targetGroupAttributes, group.attributes, 'deregistration_delay.timeout_seconds'));
    for (const description of Targets) {
      // Without a port all of the address's targets are meant.
      const meant = [...group.targets].filter(
        ([, { id, port }]) => id === description.Id && (description.Port === undefined || port === description.Port),
      );
      for (const [key, target] of meant) {
        const remove = () => {
          if (group.targets.get(key) === target) group.targets.delete(key);
        };
        if (requestsTo(target) === 0) {
          remove();
          continue;
        }
        target.health = draining;
        whenIdle(target, remove);
        cloud.clock.after(delay * 1000, () => {
          abortRequests(target);
          remove();
        });
      }
    }
    reconcile(cloud, { account, region });
    return {};
  },
});

const describeTargetHealth = operation<DescribeTargetHealthCommandInput, DescribeTargetHealthCommandOutput>({
  demands: () => demand('DescribeTargetHealth', '*'),
  run({ TargetGroupArn, Targets }, call) {
    const state = elbState(call.cloud, call);
    const group = targetGroupOf(state, TargetGroupArn);
    const inUse = loadBalancersOf(state, group.arn).length > 0;
    const health = (target: StoredTarget | undefined) => {
      if (!target) return notRegistered;
      return inUse || target.health.State === 'draining' ? target.health : notInUse;
    };
    const asked = Targets?.map((description) => ({
      description,
      target: group.targets.get(keyOf(group, description)),
    }));
    const all = [...group.targets.values()].map((target) => ({
      description: { Id: target.id, Port: target.port },
      target,
    }));
    return {
      TargetHealthDescriptions: (asked ?? all).map(({ description, target }) => ({
        Target: {
          Id: description.Id,
          Port: description.Port ?? group.settings.Port,
          ...(target?.zone !== undefined && { AvailabilityZone: target.zone }),
        },
        HealthCheckPort: String(
          group.settings.HealthCheckPort === 'traffic-port'
            ? (description.Port ?? group.settings.Port)
            : group.settings.HealthCheckPort,
        ),
        TargetHealth: health(target),
      })),
    };
  },
});

export const targetOperations = {
  RegisterTargets: registerTargets,
  DeregisterTargets: deregisterTargets,
  DescribeTargetHealth: describeTargetHealth,
};
