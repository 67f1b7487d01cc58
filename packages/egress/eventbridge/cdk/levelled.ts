import { fileURLToPath } from 'node:url';
import { type DeadLetterQueue, EgressDashboard, EgressFunction, EgressQueue, readQueue } from '@stackyard/egress/cdk';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { settings } from './settings.ts';
import { deliveryOf, metricOf, routeUserEvents, type UserEventsProps } from './user-events.ts';

const dist = fileURLToPath(new URL('../dist/levelled', import.meta.url));

/** EventBridge puts each event into a queue, from where a function gets them in batches of those that have gathered. */
export class Levelled extends Construct {
  readonly consumer: EgressFunction;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: UserEventsProps) {
    super(scope, id);
    const { source, functionTimeout } = settings.levelled;
    const { queue, deadLetters, age } = new EgressQueue(this, 'Events', settings.levelled);
    this.deadLetters = deadLetters;
    this.consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds events by subject and tells the partner',
      code: dist,
      timeout: functionTimeout,
    });
    // A message is the user's event itself: what EventBridge put around it has done its part.
    const message = RuleTargetInput.fromEventPath('$.detail');
    const rule = routeUserEvents(this, props, source, new SqsQueue(queue, { message, ...deliveryOf(props) }));
    readQueue(this, { queue, consumer: this.consumer, settings: settings.levelled });
    new EgressDashboard(this, 'Dashboard', {
      consumer: this.consumer,
      eventsIn: metricOf(props.bus, rule, 'MatchedEvents'),
      age,
      givenUp: deadLetters.givenUp,
    });
  }
}
