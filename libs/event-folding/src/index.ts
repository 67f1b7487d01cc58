export { type Change, changeRules } from './changes.ts';
export { FoldingError, type FoldingErrorCode } from './errors.ts';
export type { FoldableEvent } from './event.ts';
export { type FoldingOptions, fold, type NetEffect } from './fold.ts';
export { byArrival, byTime, byVersion, type Order } from './order.ts';
export { both, type Folded, type FoldingRules, nothing } from './rules.ts';
