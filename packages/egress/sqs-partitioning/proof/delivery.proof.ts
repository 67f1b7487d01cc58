import { claimFolding, deployedQueue } from '@stackyard/egress/proof';

claimFolding({ deployed: () => deployedQueue('egress-sqs-partitioning'), order: 'arrival', leapMs: 800_000 });
