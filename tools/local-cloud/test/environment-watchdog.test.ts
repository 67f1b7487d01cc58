import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { eventually } from './fixtures/lambda/support.ts';

/** Starts two processes, ends the first, stops the second, and says their numbers. */
const program = `
import { startProcess } from '${new URL('../src/lambda-environment/processes.ts', import.meta.url).href}';
import { createClock } from '${new URL('../src/clock.ts', import.meta.url).href}';
const ignore = { write() {}, end() {} };
const start = () => startProcess({ name: 'sleep', command: '/bin/sleep', args: ['600'], cwd: '/', variables: {}, clock: createClock(), stdout: ignore, stderr: ignore });
const [ended, stopped] = [start(), start()];
ended.signal('SIGKILL');
await ended.exited;
stopped.signal('SIGSTOP');
console.log(stopped.pid);
setInterval(() => {}, 1000);
`;

test('stopped processes do not outlive a cloud that is killed', async () => {
  const cloud = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(cloud.stdout), 'line')) as [string];
  const runs = () => process.kill(Number(line), 0);
  expect(runs()).toBe(true);
  cloud.kill('SIGKILL');
  await eventually(() => expect(runs).toThrow('ESRCH'));
});
