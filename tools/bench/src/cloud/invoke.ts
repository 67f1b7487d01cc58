import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { createFunction, createRole } from '../functions.ts';
import { interleaved, median, timed } from '../statistics.ts';
import { startBareRuntime } from './bare-runtime.ts';
import { type CloudProcess, withCloud } from './cloud-process.ts';
import { signedInvoke } from './signed-invoke.ts';

const rounds = 1_000;
const warmUps = 100;
const source = 'export const echo = async (event) => event;\n';
const event = JSON.stringify({ order: 7, items: ['one', 'two'] });

/** A warm invocation through the cloud's endpoint, beside the same handler in a loop of nothing but the runtime client. */
export const invoke: Measurement = {
  title: 'Warm invocation',
  run: (say) =>
    withCloud(async (cloud) => {
      const taskRoot = await mkdtemp(join(tmpdir(), 'stackyard-bench-'));
      await writeFile(join(taskRoot, 'handler.mjs'), source);
      const bare = await startBareRuntime(taskRoot, 'handler.echo');
      try {
        const call = await cloudCall(cloud);
        const sides = { bare: () => timed(() => bare.invoke(event)), cloud: () => timed(call) };
        say('warm-up');
        await interleaved(warmUps, sides);
        const samples = await interleaved(rounds, sides, (round) => {
          if (round % 100 === 0) say(`invocation ${round} of ${rounds}`);
        });
        const [through, floor] = [median(samples.cloud), median(samples.bare)];
        const measured = `${readable(through)} ms, bare runtime client loop ${readable(floor)} ms`;
        return [
          { name: 'cloud.invoke.added_ms', value: through - floor, unit: 'ms', goal: 2, better: 'lower', measured },
        ];
      } finally {
        await bare.close();
        await rm(taskRoot, { recursive: true });
      }
    }),
};

async function cloudCall(cloud: CloudProcess): Promise<() => Promise<void>> {
  const FunctionName = 'echo';
  const ZipFile = zipSync({ 'handler.mjs': Buffer.from(source) });
  await createFunction(cloud, {
    FunctionName,
    Role: await createRole(cloud),
    Handler: 'handler.echo',
    Code: { ZipFile },
  });
  return signedInvoke(cloud, FunctionName, event);
}
