export { type Change, changeRules } from './changes.ts';
export type { FoldableEvent } from './event.ts';
export { type FoldingOptions, fold, type NetEffect, UnknownEventTypeError } from './fold.ts';
export { byArrival, byTime, byVersion, type Order, UnreadableTimeError } from './order.ts';
export { both, type Folded, type FoldingRules, nothing } from './rules.ts';
