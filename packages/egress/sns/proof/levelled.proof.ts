import { claimFolding } from '@stackyard/egress/proof';
import { deployedTopic } from './deployed-topic.ts';

claimFolding({ deployed: () => deployedTopic('egress-sns-levelled'), order: 'time', leapMs: 800_000 });
