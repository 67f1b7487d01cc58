import { observabilityCore, parameterName } from '@stackyard/contracts';
import { createLedger, eventually, readStream, ssmParameter } from '@stackyard/proof-kit';
import type { ExpectedLine, Shape } from './shape.ts';
import type { ShapeResult } from './tables.ts';

interface StandingStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Lets every shape log, reads the stream until all of it arrived (or 20 s went by), and counts. */
export async function observe(
  shapes: readonly Shape[],
  stacks: readonly StandingStack[],
  stage: string,
  onProgress: (line: string) => void,
): Promise<ShapeResult[]> {
  const stream = await ssmParameter(parameterName(observabilityCore, stage, 'streamName'));
  const reader = await readStream(stream, 'LATEST');
  const sent = new Map<Shape, ExpectedLine[]>();
  for (const shape of shapes) {
    const stack = stacks.find(({ name }) => name === `${stage}-${shape.stack}`);
    if (!stack) throw new Error(`The stack ${stage}-${shape.stack} does not stand: ${shape.title} cannot be shown`);
    sent.set(shape, await shape.send(stack.outputs));
    onProgress(`${shape.title}: ${sent.get(shape)?.length} lines sent`);
  }

  const arrived: string[] = [];
  const identities = [...sent.values()].flat().map(({ id }) => id);
  await eventually(async () => {
    arrived.push(...(await reader.poll()).map(({ data }) => data.toString()));
    const missing = identities.filter((id) => !arrived.some((record) => record.includes(id)));
    onProgress(`${identities.length - missing.length} of ${identities.length} lines arrived`);
    if (missing.length > 0) throw new Error(`${missing.length} lines are missing`);
  }).catch(() => undefined);

  return [...sent].map(([shape, lines]) => resultOf(shape, lines, arrived));
}

function resultOf(shape: Shape, lines: readonly ExpectedLine[], arrived: readonly string[]): ShapeResult {
  const ledger = createLedger();
  for (const { id } of lines) ledger.sent(id);
  const own: string[] = [];
  for (const record of arrived) {
    const found = lines.filter(({ id }) => record.includes(id));
    for (const { id } of found) ledger.delivered(id);
    if (found.length > 0) own.push(record);
  }
  return {
    title: shape.title,
    count: ledger.count(),
    missing: ledger.missing(),
    samples: sampleOf(own),
  };
}

/** How many lines of a shape are shown: enough to see each way of logging. */
const shown = 6;

/** Records from all along what arrived, as a person reads a log. */
function sampleOf(records: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(records.length / shown));
  const lines = records.map(readable).sort();
  return lines.filter((_, i) => i % step === 0).slice(0, shown);
}

function readable(record: string): string {
  const { time, level, requestId, message } = JSON.parse(record) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return `${time} ${level} ${String(requestId).slice(0, 8)} ${text}`;
}
