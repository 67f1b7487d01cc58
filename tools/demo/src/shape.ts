/** One line a compute shape was asked to log. */
export interface ExpectedLine {
  /** Identity: occurs in the line's text and nowhere else. */
  readonly id: string;
  readonly text: string;
}

/**
 * What a pattern's `demo.ts` exports as `shape` to take part in the demo: how to make it log, with real requests.
 */
export interface Shape {
  /** How a person calls it: `Lambda, zip + extension layer`. */
  readonly title: string;
  /** The stack without its stage: `lambda-zip` for `dev-lambda-zip`. */
  readonly stack: string;
  /** Sends real requests to the stack; resolves with every line that must now reach the stream. */
  send(outputs: Readonly<Record<string, string>>): Promise<ExpectedLine[]>;
  /** Commands worth trying next, as they are pasted into a shell. */
  next(outputs: Readonly<Record<string, string>>): string[];
}
