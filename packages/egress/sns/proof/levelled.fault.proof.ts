import { claimNothingTwice } from '@stackyard/egress/proof';
import { deployedTopic } from './deployed-topic.ts';

claimNothingTwice({ deployed: () => deployedTopic('egress-sns-levelled'), order: 'time', leapMs: 800_000 });
