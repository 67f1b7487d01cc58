import { fileURLToPath } from 'node:url';
import { ageOf, EgressDashboard, EgressFunction, keepsFailing, waitsTooLong } from '@stackyard/egress/cdk';
import { Duration } from 'aws-cdk-lib';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { settings } from './settings.ts';
import { deliveryOf, metricOf, routeUserEvents, type UserEventsProps } from './user-events.ts';

const dist = fileURLToPath(new URL('../dist/direct', import.meta.url));

/** EventBridge invokes a function with each event; it has so few environments that the others wait in Lambda's queue. */
export class Direct extends Construct {
  readonly consumer: EgressFunction;

  constructor(scope: Construct, id: string, props: UserEventsProps) {
    super(scope, id);
    const { source, concurrency, retries, mostAge, fallsBehindAfter } = settings.direct;
    this.consumer = new EgressFunction(this, 'Consumer', {
      description: 'Tells the partner of an event',
      code: dist,
      // The downstream client's ten seconds, and a start.
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: concurrency,
    });
    this.consumer.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: mostAge,
      onFailure: new SqsDestination(props.failures),
    });
    const rule = routeUserEvents(this, props, source, new LambdaFunction(this.consumer, deliveryOf(props)));
    keepsFailing(this, this.consumer);
    waitsTooLong(this, this.consumer, fallsBehindAfter);
    new EgressDashboard(this, 'Dashboard', {
      consumer: this.consumer,
      eventsIn: metricOf(props.bus, rule, 'MatchedEvents'),
      age: ageOf(this.consumer, 'AsyncEventAge'),
      givenUp: props.failures.givenUp,
    });
  }
}
