/** What folding needs to know of an event; the names are those of CloudEvents 1.0. */
export interface FoldableEvent {
  /** Unique among the events of one source: two events with one id are one event, delivered twice. */
  readonly id: string;
  /** What happened: `user.signedup`. Tells the members of a union of events apart. */
  readonly type: string;
  /** Whom it happened to: events of different subjects are never folded. */
  readonly subject: string;
}
