import { fileURLToPath } from 'node:url';
import { EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { egressPartner } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { allowPartner, keepsFailing } from '@stackyard/egress/cdk';
import { definePolicy } from '@stackyard/rate-control';
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarms } from './alarms.ts';
import { Api, longestRequest } from './api.ts';
import { dashboard } from './dashboard.ts';
import { Permits } from './permits.ts';
import { QueueSide } from './queue-side.ts';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** What getting permits and giving them back may take beside waiting. */
const exchangesSeconds = 3;

/** Calls the partner for all who ask, together never more often than it allows. */
export class RateControllerStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { policy, wait, mostWait, quotes, queue } = settings;
    const longest = mostWait.toSeconds() + definePolicy(policy).callTimeoutMs / 1000 + exchangesSeconds;
    if (longest > longestRequest.toSeconds()) {
      throw new Error(
        `mostWait, policy.callTimeoutMs and ${exchangesSeconds} s for the permits come to ${longest} s; a request may take ${longestRequest.toSeconds()} s: shorten one of them`,
      );
    }
    const controller = this.#function('Controller', 'handler', 'Calls the partner when the caller’s turn comes', {
      WAIT_MS: String(wait.toMilliseconds()),
      MOST_WAIT_MS: String(mostWait.toMilliseconds()),
      QUOTES_FRESH_MS: String(quotes.fresh.toMilliseconds()),
      QUOTES_STALE_MS: String(quotes.stale.toMilliseconds()),
      QUOTES_WAIT_MS: String(quotes.wait.toMilliseconds()),
      QUOTES_DEFAULTS: JSON.stringify(quotes.defaults),
    });
    const consumer = this.#function('Consumer', 'consumer', 'Tells the partner of messages when they fit', {
      WAIT_MS: String(queue.wait.toMilliseconds()),
      ATTEMPTS: String(queue.attempts),
      REST_SECONDS: String(queue.rest.toSeconds()),
    });
    const permits = new Permits(this, 'Permits', policy);
    for (const fn of [controller, consumer]) permits.share(fn);
    permits.initialise(dist, [controller, consumer]);
    const api = new Api(this, 'Api', controller, settings);
    const side = new QueueSide(this, 'Queue', consumer, queue);
    alarms(this, settings);
    keepsFailing(this, controller);
    const { dashboardName } = dashboard(this, settings, side.queue);
    this.#outputs({
      ApiUrl: api.url,
      CallerPolicyArn: api.callers.managedPolicyArn,
      QueueUrl: side.queue.queueUrl,
      DeadLetterQueueUrl: side.deadLetters.queueUrl,
      FunctionName: controller.functionName,
      ConsumerName: consumer.functionName,
      DashboardName: dashboardName,
    });
  }

  /** A function that calls the partner. */
  #function(id: string, file: string, description: string, environment: Record<string, string>): EnforcedFunction {
    const partner = resolve(this, this.contextVariables.stage, egressPartner, 'url', 'functionArn');
    const { whenStoreFails, breaker } = settings;
    const fn = new EnforcedFunction(this, id, {
      description,
      code: dist,
      handler: `${file}.handler`,
      memorySize: 256,
      timeout: longestRequest,
      environment: {
        ...environment,
        PARTNER_URL: partner.url,
        WHEN_STORE_FAILS: whenStoreFails,
        BREAK_AFTER: String(breaker.failures),
        BREAK_MS: String(breaker.rest.toMilliseconds()),
      },
    });
    allowPartner(fn, partner.functionArn);
    return fn;
  }

  #outputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
