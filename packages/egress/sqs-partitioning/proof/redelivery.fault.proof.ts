import { claimNothingTwice, deployedQueue } from '@stackyard/egress/proof';

claimNothingTwice({ deployed: () => deployedQueue('egress-sqs-partitioning'), order: 'arrival', leapMs: 800_000 });
