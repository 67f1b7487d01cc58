import { claimSlowKinesisIsNotWaitedFor } from '@stackyard/echo/claims';

claimSlowKinesisIsNotWaitedFor('lambda-zip');
