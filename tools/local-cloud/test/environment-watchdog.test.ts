import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventually } from './fixtures/lambda/support.ts';

const program = fileURLToPath(new URL('fixtures/environment/abandon-processes.ts', import.meta.url));

test('stopped processes do not outlive a cloud that is killed', async () => {
  const cloud = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(cloud.stdout), 'line')) as [string];
  const runs = () => process.kill(Number(line), 0);
  expect(runs()).toBe(true);
  cloud.kill('SIGKILL');
  await eventually(() => expect(runs).toThrow('ESRCH'));
});
