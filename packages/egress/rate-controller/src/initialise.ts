import { logger, withLogger } from '@stackyard/handler-kit/logger';
import { policy, store } from './control.ts';

/**
 * Starts the policy's permits unless they are there. Throws, so that the deployment fails, when what is there belongs to other limits.
 */
export const handler = withLogger(async () => {
  await store.initialise(policy);
  await store.check(policy);
  logger.info('initialised', { policy: policy.name, limits: policy.limits.map(({ name }) => name) });
});
