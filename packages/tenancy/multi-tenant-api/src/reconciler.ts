import { logger, withLogger } from '@stackyard/handler-kit/logger';
import { awsPorts } from './aws-ports.ts';
import { reconcile } from './tenants/reconcile.ts';

const ports = awsPorts();

/** Runs by schedule. Fails when something could not be repaired, so that its error count says so. */
export const handler = withLogger<unknown, void>(async () => {
  const { tenants, repaired, failed } = await reconcile(ports);
  logger.info('reconciled', { tenants, repaired, failed });
  const names = Object.keys(failed);
  if (names.length > 0) throw new Error(`${names.length} tenants could not be repaired: ${names.join(', ')}`);
});
