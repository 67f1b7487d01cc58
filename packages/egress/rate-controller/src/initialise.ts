import { logger, withLogger } from '@stackyard/handler-kit/logger';
import { policy, store } from './control.ts';

/**
 * Starts the policy's permits unless they are there. Throws, so that the deployment fails, when what is there belongs to other limits.
 */
export const handler = withLogger(async () => {
  await store.initialise(policy);
  const none = policy.limits.map(() => []);
  const asked = { back: none, want: policy.limits.map(() => 0), leaseMs: 1, demand: 0, deprived: false };
  const { holders } = await store.exchange(policy, asked);
  logger.info('initialised', { policy: policy.name, limits: policy.limits.map(({ name }) => name), holders });
});
