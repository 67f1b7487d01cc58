import { claimNothingTwice, deployedQueue } from '@stackyard/egress/proof';

claimNothingTwice({ deployed: () => deployedQueue('egress-sqs-batching'), order: 'time', leapMs: 800_000 });
