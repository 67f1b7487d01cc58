import type { Part } from '@stackyard/log-records';
import type { TelemetryRecord } from './records.ts';

type Unnumbered = Omit<TelemetryRecord, 'sequence' | 'part'>;

/** Room for the names around a message, and for `sequence` and `part`, whose digits are not known before it is cut. */
const numbersBytes = 128;

/**
 * A record as JSON texts of at most `mostBytes` in UTF-8: one, or, when it is larger, as many parts as it takes.
 *
 * @param nextSequence gives the sequence number of each text, in order
 */
export function encodeRecord(record: Unnumbered, mostBytes: number, nextSequence: () => number): string[] {
  const whole = JSON.stringify(record);
  if (Buffer.byteLength(whole) + numbersBytes <= mostBytes) return [numbered(whole, nextSequence())];

  const { message, attributes, ...rest } = record;
  // A text is readable in parts, and what is said about it stays with the first, unless that is what takes the room.
  const kept = attributes ? { attributes } : {};
  const isText = typeof message === 'string' && bytesOf(kept) < mostBytes / 2;
  const of: Part['of'] = isText ? 'text' : 'json';
  const head = isText ? kept : {};
  const pieces = cutText(
    isText ? message : JSON.stringify({ message, ...kept }),
    mostBytes - bytesOf(rest) - bytesOf(head) - numbersBytes,
  );
  return pieces.map((piece, i) => {
    const part: Part = { number: i + 1, count: pieces.length, of };
    return numbered(JSON.stringify({ ...rest, message: piece, ...(i === 0 ? head : {}), part }), nextSequence());
  });
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function numbered(json: string, sequence: number): string {
  return `${json.slice(0, -1)},"sequence":${sequence}}`;
}

/** Cuts text into pieces whose JSON has at most `mostBytes` in UTF-8, never within a character. */
function cutText(text: string, mostBytes: number): string[] {
  const pieces: string[] = [];
  let start = 0;
  let bytes = 2; // the quotes
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) as number;
    const size = jsonBytes(code);
    if (bytes + size > mostBytes) {
      pieces.push(text.slice(start, i));
      start = i;
      bytes = 2;
    }
    bytes += size;
    i += code > 0xffff ? 2 : 1;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** What a code point takes in a JSON string in UTF-8, as JSON.stringify writes it, or a little more. */
function jsonBytes(code: number): number {
  if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) return 6;
  if (code === 0x22 || code === 0x5c) return 2;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
