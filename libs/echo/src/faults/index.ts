export type { FaultRow } from './fault-count.ts';
export { scenarios } from './scenarios.ts';
