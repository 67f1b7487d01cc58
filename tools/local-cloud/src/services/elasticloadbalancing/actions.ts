import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbError, noTargetGroup, unsupported, validationError } from './errors.ts';
import { type ElbState, forwardedTo, type StoredLoadBalancer } from './state.ts';

/** "Action" and the types of its members, Elastic Load Balancing API Reference. Throws for what no listener can do. */
export function checkActions(
  state: ElbState,
  loadBalancer: StoredLoadBalancer,
  actions: readonly Action[] | undefined,
): readonly Action[] {
  const [action, ...others] = actions ?? [];
  if (!action) throw validationError('At least one action must be specified');
  if (others.length > 0) throw unsupported('more than one action of a listener or rule');
  if (action.Type === 'forward') checkForward(state, loadBalancer, action);
  else if (action.Type === 'fixed-response') checkFixedResponse(action);
  else if (action.Type === 'redirect') checkRedirect(action);
  else throw unsupported(`actions of the type ${action.Type}`);
  return [action];
}

function checkForward(state: ElbState, loadBalancer: StoredLoadBalancer, action: Action): void {
  const arns = forwardedTo([action]);
  if (arns.length === 0) throw validationError('A target group ARN must be specified');
  if (action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled) throw unsupported('stickiness of target groups');
  const weights = action.ForwardConfig?.TargetGroups ?? [];
  // "ForwardActionConfig": up to five groups, weights from 0 to 999.
  if (weights.length > 5)
    throw elbError('TooManyUniqueTargetGroupsPerLoadBalancer', 'A forward action has at most 5 target groups');
  const wrong = weights.find(({ Weight = 1 }) => Weight < 0 || Weight > 999);
  if (wrong) throw validationError(`Weight '${wrong.Weight}' must be between 0 and 999`);
  for (const arn of arns) {
    const group = state.targetGroups.get(arn);
    if (!group) throw noTargetGroup(arn);
    if (group.settings.VpcId !== loadBalancer.vpcId) {
      throw elbError(
        'InvalidConfigurationRequest',
        `The target group '${arn}' is in another VPC than the load balancer`,
      );
    }
  }
}

function checkFixedResponse({ FixedResponseConfig: config }: Action): void {
  if (!config?.StatusCode) throw validationError('A status code must be specified');
  if (!/^[245]\d\d$/.test(config.StatusCode)) {
    throw validationError(`Status code '${config.StatusCode}' must be a 2XX, 4XX or 5XX code`);
  }
  if ((config.MessageBody ?? '').length > 1024)
    throw validationError('The message body can be at most 1024 characters');
  const types = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'];
  if (config.ContentType !== undefined && !types.includes(config.ContentType)) {
    throw validationError(`Content type '${config.ContentType}' must be one of ${types.join(', ')}`);
  }
}

function checkRedirect({ RedirectConfig: config }: Action): void {
  if (config?.StatusCode !== 'HTTP_301' && config?.StatusCode !== 'HTTP_302') {
    throw validationError(`Status code '${config?.StatusCode}' must be HTTP_301 or HTTP_302`);
  }
  const { Protocol, Host, Port, Path, Query } = config;
  if ([Protocol, Host, Port, Path, Query].every((part) => part === undefined)) {
    throw elbError('InvalidLoadBalancerAction', 'The redirect configuration is not valid because it creates a loop.');
  }
  if (Path !== undefined && !Path.startsWith('/'))
    throw validationError(`Path '${Path}' must begin with a '/' character`);
}
