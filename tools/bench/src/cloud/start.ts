import type { Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { residentMbAtRest, startBareNode } from '../processes.ts';
import { interleaved, median } from '../statistics.ts';
import { startCloudProcess } from './cloud-process.ts';

const rounds = 9;

/** From the start of the process until it says that it is ready, and what it holds then. */
export const start: Measurement = {
  title: 'Start, memory at rest',
  async run(say) {
    const memory: number[] = [];
    const samples = await interleaved(
      rounds,
      {
        async cloud() {
          const begin = performance.now();
          const cloud = await startCloudProcess();
          const ms = performance.now() - begin;
          memory.push(await residentMbAtRest(cloud.pid));
          await cloud.kill('SIGTERM');
          return ms;
        },
        async node() {
          const begin = performance.now();
          const node = startBareNode();
          await node.prints(/ready/);
          const ms = performance.now() - begin;
          await node.kill();
          return ms;
        },
      },
      (round) => say(`start ${round} of ${rounds}`),
    );
    const ms = median(samples.cloud);
    const floor = `bare Node ${readable(median(samples.node))} ms`;
    return [
      { name: 'cloud.start_ms', value: ms, unit: 'ms', goal: 500, better: 'lower', measured: floor },
      { name: 'cloud.idle_mb', value: median(memory), unit: 'MB', goal: 120, better: 'lower', measured: 'resident' },
    ];
  },
};
