export { type AlarmClaims, claimFallsBehind, claimOutageAlarms } from './alarms.ts';
export { type Claims, claimFolding, claimNothingTwice, type DeployedPattern } from './claims.ts';
export { deployedQueue } from './deployed-queue.ts';
export { foldingTable } from './folding-table.ts';
export { invocationsOf } from './invocations.ts';
export { type Call, partner } from './partner.ts';
export { asTimePasses } from './time-passes.ts';
export { lifeOf, profileUpdated, signedUp, unsubscribed } from './user-life.ts';
export { type UserState, userAfter } from './user-state.ts';
