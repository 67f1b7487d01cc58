import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as timePasses, setImmediate as turn } from 'node:timers/promises';
import { type RunningCloud, startCloud } from '@stackyard/local-cloud';

/** What a cloud holds when everything that may go is gone. */
export interface Usage {
  readonly heapMb: number;
  /** Timers, sockets, child processes and the like that keep the process alive. */
  readonly handles: number;
  /** Open files, on systems that tell. */
  readonly descriptors: number;
  /** Files in the cloud's scratch folder. */
  readonly files: number;
}

// Run with --expose-gc: the embedded cloud in this process, which prints its usage whenever it gets a SIGUSR2.
const { gc } = globalThis;
if (!gc) throw new Error('Memory is read after a collection: run it with node --expose-gc');
const collect = gc;

async function usage({ scratch }: RunningCloud['cloud']): Promise<Usage> {
  // Environments that were replaced last are still ending.
  await timePasses(1_000);
  // What finalizers let go of is collected the next time.
  for (let i = 0; i < 4; i += 1) {
    collect();
    await turn();
  }
  return {
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    handles: process.getActiveResourcesInfo().length,
    descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
    files: filesIn(scratch),
  };
}

/** Links are not followed. */
function filesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : 1))
    .reduce((a, b) => a + b, 0);
}

const { cloud, endpoint, close } = await startCloud({ port: 0 });
let asked = 0;
process.on('SIGUSR2', async () => {
  asked += 1;
  process.stdout.write(`usage ${asked} ${JSON.stringify(await usage(cloud))}\n`);
});
process.once('SIGTERM', () => void close().then(() => process.exit()));
process.stdout.write(`ready on ${endpoint}\n`);
