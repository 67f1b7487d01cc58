/**
 * What a process prints, as separate records: newline-terminated lines of stdout and stderr, and the frames that runtimes
 * write to the file descriptor named in `_LAMBDA_TELEMETRY_LOG_FD`, which keep a record with line breaks in one piece.
 */
export interface Frame {
  /** Milliseconds since the epoch by the process's own clock. */
  readonly time: number;
  readonly format: 'JSON' | 'Text';
  readonly text: string;
}

/** Takes chunks as they come off a pipe, `end` once at its end. */
export interface ChunkReader {
  write(chunk: Buffer): void;
  end(): void;
}

/** Cuts a byte stream into lines without their `\n`; decodes whole lines only, so a character may span chunks. */
export function createLineReader(onLine: (line: string) => void): ChunkReader {
  let rest: Buffer[] = [];
  return {
    write(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
        const tail = chunk.subarray(start, end);
        onLine((rest.length === 0 ? tail : Buffer.concat([...rest, tail])).toString());
        rest = [];
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
    },
    end() {
      if (rest.length > 0) onLine(Buffer.concat(rest).toString());
      rest = [];
    },
  };
}

/** 4 bytes type, 4 bytes length, 8 bytes time in microseconds, all big-endian (aws-lambda-ric, TelemetryLogger). */
const headerBytes = 16;
const typeMask = 0xffffffe3;
const jsonType = 0xa55a0002;
const textType = 0xa55a0003;

/** Cuts the telemetry descriptor's stream into frames. Bytes that are no frame are passed on as one text record. */
export function createFrameReader(onFrame: (frame: Frame) => void): ChunkReader {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = headerBytes;

  function take(bytes: Buffer): number {
    // Bits 2 to 4 of the type carry the log level.
    const type = (bytes.readUInt32BE(0) & typeMask) >>> 0;
    if (type !== jsonType && type !== textType) {
      onFrame({ time: Date.now(), format: 'Text', text: bytes.toString() });
      return bytes.length;
    }
    const length = headerBytes + bytes.readUInt32BE(4);
    if (bytes.length < length) {
      needed = length;
      return 0;
    }
    onFrame({
      time: Number(bytes.readBigInt64BE(8) / 1000n),
      format: type === jsonType ? 'JSON' : 'Text',
      text: bytes.toString('utf8', headerBytes, length),
    });
    return length;
  }

  return {
    write(chunk) {
      chunks.push(chunk);
      buffered += chunk.length;
      // A long frame comes in many chunks: they are joined once it is complete, not at each of them.
      if (buffered < needed) return;
      let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      needed = headerBytes;
      while (bytes.length >= needed) {
        const taken = take(bytes);
        if (taken === 0) break;
        bytes = bytes.subarray(taken);
        needed = headerBytes;
      }
      chunks = bytes.length > 0 ? [bytes] : [];
      buffered = bytes.length;
    },
    end() {
      if (buffered > 0) onFrame({ time: Date.now(), format: 'Text', text: Buffer.concat(chunks).toString() });
      chunks = [];
      buffered = 0;
    },
  };
}
