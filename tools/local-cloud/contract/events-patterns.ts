import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import type { Claim } from './contract.ts';
import type { Event } from './events-pattern-example.ts';
import { pages } from './events-pattern-pages.ts';
import { summary } from './events-pattern-summary.ts';

const base: Event = {
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

/** AWS's documented examples of event patterns, each with events that match and such that don't. */
export const patternClaims: readonly Claim[] = [...summary, ...pages].map(
  ({ source, says, pattern, matches, others }) => ({
    operation: 'TestEventPattern',
    claim: `tells events apart as documented: ${says}`,
    source,
    async run(target) {
      const client = target.client(EventBridgeClient);
      const passes = async (event: Event) => {
        const Event = JSON.stringify({ ...base, ...event });
        const command = new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event });
        return (await client.send(command)).Result;
      };
      for (const event of matches) expect(await passes(event), JSON.stringify(event)).toBe(true);
      for (const event of others) expect(await passes(event), JSON.stringify(event)).toBe(false);
    },
  }),
);
