import { claimFolding, deployedQueue } from '@stackyard/egress/proof';

claimFolding({ deployed: () => deployedQueue('egress-sqs-batching'), order: 'time', leapMs: 800_000 });
