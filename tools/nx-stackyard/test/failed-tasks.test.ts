import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { failedTasks } from '../src/failed-tasks.ts';

test('gives the tasks that failed with the end of what they wrote, not those that passed or never began', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'cache-'));
  onTestFinished(() => rm(cache, { recursive: true }));
  const tasks = [
    { projectName: 'a', target: 'test', hash: '1', status: 0 },
    { projectName: 'b', target: 'typecheck', hash: '2', status: 1 },
    { projectName: 'b', target: 'proof', hash: '3' },
  ];
  await writeFile(join(cache, 'run.json'), JSON.stringify({ tasks }));
  await mkdir(join(cache, 'terminalOutputs'));
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
  await writeFile(join(cache, 'terminalOutputs/2'), `${lines.join('\n')}\n\n`);
  expect(await failedTasks(cache)).toEqual([{ project: 'b', target: 'typecheck', output: lines.slice(25).join('\n') }]);
});
