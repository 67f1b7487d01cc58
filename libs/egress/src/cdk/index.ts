export { fallsBehind, keepsFailing } from './alarms.ts';
export { EgressFunction, type EgressFunctionProps } from './egress-function.ts';
export { FailureBucket } from './failure-bucket.ts';
