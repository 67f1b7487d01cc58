export { claimCloudWatchStaysEmpty } from './cloudwatch-stays-empty.ts';
export { claimDelivery } from './delivery.ts';
export { claimNothingIsLost } from './faults.ts';
export { claimFreeze } from './freeze.ts';
export { claimSlowKinesisIsNotWaitedFor } from './slow-kinesis.ts';
