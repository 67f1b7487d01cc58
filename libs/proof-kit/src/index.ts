export { bootstrap, cdk, deploy } from './deploy.ts';
export { eventually } from './eventually.ts';
export { faults } from './faults.ts';
export { createLedger, type Ledger, type LedgerCount } from './ledger.ts';
export { stackOutputs } from './outputs.ts';
export { signedFetch } from './signed-fetch.ts';
export { ssmParameter } from './ssm-parameter.ts';
export { readStream, type StreamReader, type StreamRecord } from './stream-reader.ts';
