import { beforeAll, describe, expect, test } from 'vitest';
import { countLines, type DeployedEcho, deployedEcho, idOf, type MarkedLine, markedLine } from '../deployed-echo.ts';
import type { Format } from '../log-request.ts';

const texts: [string, Format, string[]][] = [
  ['structured lines', 'json', ['hello', 'a "quoted" line', 'tab\tand backslash \\']],
  ['plain text', 'text', ['hello', '{"looks":"like JSON"}', '2026-01-01T00:00:00Z not a header']],
  ['objects', 'object', ['hello', 'nested { braces }']],
  ['unicode', 'json', ['grüße', '日本語', '👩‍👩‍👧‍👦 and \u{10FFFF}', 'e\u0301']],
  ['unicode as plain text', 'text', ['日本語 👩‍👩‍👧‍👦']],
  ['lines of 200 KB', 'json', Array.from({ length: 5 }, (_, i) => `${i}`.repeat(200 * 1024))],
  ['200 KB of multi-byte text', 'text', ['日'.repeat(70_000)]],
  ['a burst of 1,000 lines', 'json', Array.from({ length: 1000 }, (_, i) => `burst ${i}`)],
  ['a burst of 1,000 plain lines', 'text', Array.from({ length: 1000 }, (_, i) => `burst ${i}`)],
];

/** Proof that each line which the echo of a stack logs arrives in the stream once, whole, with its request id. */
export function claimDelivery(stack: string): void {
  let echo: DeployedEcho;

  beforeAll(async () => {
    echo = await deployedEcho(stack);
  });

  const recordsOf = async (lines: readonly MarkedLine[]) => {
    const byId = new Map((await echo.arrived()).map((record) => [idOf(record), record]));
    return lines.map(({ id }) => byId.get(id));
  };

  describe('given the deployed function, when it logs', () => {
    test.each(texts)(
      '%s (%s), then every line is in the stream exactly once, whole, with its request id',
      async (_, format, lines) => {
        const marked = lines.map(markedLine);
        const { requestId, logged } = await echo.echo({ format, lines: marked.map(({ line }) => line) });
        expect(logged).toBe(lines.length);
        expect(await countLines(echo, marked)).toEqual(exactlyOnce(lines.length));
        const records = await recordsOf(marked);
        expect(records.map((record) => wholeText(record?.message))).toEqual(marked.map(({ line }) => line));
        expect(new Set(records.map((record) => record?.requestId))).toEqual(new Set([requestId]));
      },
    );

    test('in 40 invocations one after the other, then no line is lost or doubled between them', async () => {
      const sent: MarkedLine[] = [];
      for (let i = 0; i < 40; i += 1) {
        const marked = Array.from({ length: 25 }, (_, n) => markedLine(`invocation ${i} line ${n}`));
        sent.push(...marked);
        await echo.echo({ lines: marked.map(({ line }) => line) });
      }
      expect(await countLines(echo, sent)).toEqual(exactlyOnce(1000));
    });

    test('in 5 invocations at once, then every line carries the id of its own request', async () => {
      const batches = Array.from({ length: 5 }, (_, i) =>
        Array.from({ length: 20 }, (_, n) => markedLine(`${i}/${n}`)),
      );
      const answers = await Promise.all(batches.map((batch) => echo.echo({ lines: batch.map(({ line }) => line) })));
      expect(await countLines(echo, batches.flat())).toEqual(exactlyOnce(100));
      for (const [i, batch] of batches.entries()) {
        const own = await recordsOf(batch);
        expect(new Set(own.map((record) => record?.requestId))).toEqual(new Set([answers[i]?.requestId]));
      }
    });
  });
}

const exactlyOnce = (sent: number) => ({ sent, delivered: sent, duplicated: 0, lost: 0 });

/** What was logged, out of the forms that the three ways of logging give it. */
function wholeText(message: unknown): unknown {
  if (typeof message === 'object' && message !== null && 'line' in message) return message.line;
  if (typeof message === 'object' && message !== null && 'message' in message) return message.message;
  return message;
}
