/** A place where a stack's event source left what it gave up. */
export interface Redrivable {
  /** What it is called in tables: a queue's or bucket's name. */
  readonly from: string;
  /** Where it goes when it is redriven. */
  readonly to: string;
  /** What waits there: messages or records. Of a queue it is approximate, as SQS counts. */
  waiting(): Promise<number>;
  /** Redrives all that waits; tells how far it is. Resolves with how much was redriven, rejects when the rest can't be. */
  redrive(onProgress: (done: number) => void): Promise<number>;
}
