/** One tumbling window of a shard with the state the function returned last. Times in milliseconds since the epoch. */
export interface TumblingWindow {
  readonly start: number;
  readonly end: number;
  readonly state: object;
}

/** "Your state can be a maximum of 1 MB per shard", Implementing stateful Kinesis Data Streams processing in Lambda. */
export const largestState = 1_048_576;

/** Windows lie side by side from the epoch on; a record belongs to the one it arrived in. */
export function windowAt(time: number, seconds: number): TumblingWindow {
  const length = seconds * 1000;
  const start = Math.floor(time / length) * length;
  return { start, end: start + length, state: {} };
}

/** What an event carries beside its records. */
export function windowMembers(
  window: TumblingWindow,
  { shardId, streamArn, isFinal, isEarly }: { shardId: string; streamArn: string; isFinal: boolean; isEarly: boolean },
): object {
  const time = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    window: { start: time(window.start), end: time(window.end) },
    state: window.state,
    shardId,
    eventSourceARN: streamArn,
    isFinalInvokeForWindow: isFinal,
    isWindowTerminatedEarly: isEarly,
  };
}
