/** "Docker logging drivers": a line longer than this is handed to the driver in parts. */
const longestPart = 16_384;

/** A line, or a part of one, without its line break. */
export interface LogPart {
  readonly text: string;
  /** Of parts: the same for all parts of a line, their number from 1, and whether it is the last. */
  readonly partial?: { readonly id: number; readonly ordinal: number; readonly last: boolean };
}

/** Cuts a byte stream into lines as Docker does, parts only between characters. */
export function createLineSplitter(onPart: (part: LogPart) => void) {
  let rest: Buffer = Buffer.alloc(0);
  let ordinal = 0;
  let lines = 0;

  function emit(bytes: Buffer, last: boolean): void {
    const text = bytes.toString();
    if (last && ordinal === 0) {
      onPart({ text });
      return;
    }
    ordinal += 1;
    onPart({ text, partial: { id: lines, ordinal, last } });
    if (!last) return;
    ordinal = 0;
    lines += 1;
  }

  return {
    write(chunk: Buffer): void {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      for (;;) {
        const end = rest.subarray(0, longestPart + 1).indexOf(0x0a);
        if (end >= 0) {
          emit(rest.subarray(0, end), true);
          rest = rest.subarray(end + 1);
        } else if (rest.length > longestPart) {
          const end = characterStart(rest, longestPart);
          emit(rest.subarray(0, end), false);
          rest = rest.subarray(end);
        } else return;
      }
    },
    end(): void {
      if (rest.length > 0 || ordinal > 0) emit(rest, true);
      rest = Buffer.alloc(0);
    },
  };
}

/** The last place up to `position` where a UTF-8 character begins; `position` itself in bytes that are no UTF-8. */
function characterStart(bytes: Buffer, position: number): number {
  for (let start = position; start > position - 4; start -= 1) {
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return position;
}
