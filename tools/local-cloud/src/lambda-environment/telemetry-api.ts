import type { Clock } from '../clock.ts';
import { type ApiRoute, answerError, answerJson, readBody } from './api-server.ts';
import type { EnvironmentLogger } from './environment-log.ts';
import type { ExtensionsApi } from './extensions-api.ts';
import { openDestination } from './telemetry-destination.ts';
import type { TelemetryRelay } from './telemetry-relay.ts';
import { createTelemetrySubscriber } from './telemetry-subscriber.ts';
import { readSubscription } from './telemetry-subscription.ts';

/** The subscribe call ("Lambda Telemetry API reference"); its path keeps the first date for every schema version. */
export function telemetryRoutes(
  relay: TelemetryRelay,
  extensions: ExtensionsApi,
  logger: EnvironmentLogger,
  clock: Clock,
  ownPort: (port: number) => number,
): ApiRoute[] {
  return [
    {
      method: 'PUT',
      path: /^\/2022-07-01\/telemetry\/?$/,
      async handle(request, response) {
        const extension = extensions.identify(request, response);
        if (!extension) return;
        const { body } = await readBody(request);
        const invalid = (message: string) => answerError(response, 400, 'ValidationError', message);
        if (relay.closed) {
          const message = 'Telemetry API subscription is closed already';
          return answerError(response, 403, 'Telemetry.SubscriptionClosed', message);
        }
        const { subscription, problems } = readSubscription(body.toString());
        if (!subscription) return invalid(problems.join('; '));
        const { name } = extension;
        const { types } = subscription;
        if (relay.has(name)) {
          logger.platform('platform.telemetrySubscription', { name, state: 'Already subscribed', types });
          return answerJson(response, 200, 'OK');
        }
        let destination: Awaited<ReturnType<typeof openDestination>>;
        try {
          const { destination: named } = subscription;
          destination = await openDestination({ ...named, port: ownPort(named.port) });
        } catch (error) {
          return invalid(`Invalid destination: ${(error as Error).message}`);
        }
        const onDropped = (record: { droppedBytes: number; droppedRecords: number; reason: string }) =>
          logger.platform('platform.logsDropped', record);
        relay.add(createTelemetrySubscriber({ name, subscription, destination, clock, onDropped }));
        logger.platform('platform.telemetrySubscription', { name, state: 'Subscribed', types });
        answerJson(response, 200, 'OK');
      },
    },
  ];
}
