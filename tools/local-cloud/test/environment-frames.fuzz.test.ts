import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFrameReader, createLineReader, type Frame } from '../src/lambda-environment/log-frames.ts';

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** A frame as aws-lambda-ric writes it. */
function encode({ time, format, text }: Frame, level: number): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(16);
  header.writeUInt32BE(((format === 'JSON' ? 0xa55a0002 : 0xa55a0003) | (level << 2)) >>> 0, 0);
  header.writeUInt32BE(body.length, 4);
  header.writeBigInt64BE(BigInt(time) * 1000n, 8);
  return Buffer.concat([header, body]);
}

const text = fc.string({ unit: 'grapheme' });
const places = fc.array(fc.nat());

it('lines come out as they went in, however they are cut', () => {
  const line = text.map((value) => value.replaceAll('\n', ''));
  fc.assert(
    fc.property(fc.array(line), line, places, (lines, rest, cuts) => {
      const seen: string[] = [];
      const reader = createLineReader((read) => seen.push(read));
      const bytes = Buffer.from(lines.map((value) => `${value}\n`).join('') + rest);
      for (const chunk of cut(bytes, cuts)) reader.write(chunk);
      reader.end();
      expect(seen).toEqual(rest === '' ? lines : [...lines, rest]);
    }),
  );
});

it('frames come out as they went in, however they are cut', () => {
  const frame = fc.record({
    time: fc.integer({ min: 0, max: 2 ** 45 }),
    format: fc.constantFrom('JSON' as const, 'Text' as const),
    text,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(frame, fc.integer({ min: 1, max: 6 }))), places, (frames, cuts) => {
      const seen: Frame[] = [];
      const reader = createFrameReader((read) => seen.push(read));
      const bytes = Buffer.concat(frames.map(([value, level]) => encode(value, level)));
      for (const chunk of cut(bytes, cuts)) reader.write(chunk);
      reader.end();
      expect(seen).toEqual(frames.map(([value]) => value));
    }),
  );
});

it('bytes that are no frame are not lost', () => {
  const seen: string[] = [];
  const reader = createFrameReader(({ text: read }) => seen.push(read));
  reader.write(Buffer.from('written past the protocol'));
  reader.end();
  expect(seen).toEqual(['written past the protocol']);
});
