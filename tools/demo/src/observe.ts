import { observabilityCore, parameterName } from '@stackyard/contracts';
import type { LogRecord } from '@stackyard/log-records';
import { account, readRecords, ssmParameter } from '@stackyard/proof-kit';
import type { Shape } from './shape.ts';
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
  const reader = await readRecords(stream);
  // All at once: most of the time is environments starting.
  const sent = await Promise.all(
    shapes.map(async (shape) => {
      const stack = stacks.find(({ name }) => name === `${stage}-${shape.stack}`);
      if (!stack)
        throw new Error(
          `The stack ${stage}-${shape.stack} does not stand, so ${shape.title} cannot be shown: deploy it with nx run-many -t cdk -- deploy`,
        );
      const lines = await shape.send(stack.outputs);
      onProgress(`${shape.title}: ${lines.length} lines sent`);
      return { title: shape.title, lines };
    }),
  );

  const results: ShapeResult[] = [];
  for (const { title, lines } of sent) {
    const identities = lines.map(({ id }) => id);
    const ledger = await account(identities, async () =>
      (await reader.arrived()).flatMap((record) => identitiesIn(record, identities)),
    );
    const own = (await reader.arrived()).filter((record) => identitiesIn(record, identities).length > 0);
    results.push({ title, count: ledger.count(), missing: ledger.missing(), samples: sampleOf(own) });
    onProgress(`${title}: ${ledger.count().delivered} of ${lines.length} lines arrived`);
  }
  return results;
}

function identitiesIn({ message }: LogRecord, identities: readonly string[]): string[] {
  const text = JSON.stringify(message);
  return identities.filter((id) => text.includes(id));
}

/** How many records of a shape are shown: enough to see each way of logging. */
const shown = 3;

/** Records from all along what arrived, in the order in which they were logged. */
function sampleOf(records: readonly LogRecord[]): LogRecord[] {
  const inOrder = records.toSorted((a, b) => (a.time < b.time ? -1 : 1));
  const step = Math.max(1, Math.floor(inOrder.length / shown));
  return inOrder.filter((_, i) => i % step === 0).slice(0, shown);
}
