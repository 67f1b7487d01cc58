import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { scenarios } from '@stackyard/echo/faults';
import { betweenMarks } from '../report.ts';
import { faultsMarkdown, faultsTable, rowsOf } from './table.ts';

const usage = `Usage: pnpm faults [--long] [--docs]

  --long  Kinesis throttles for 30 s instead of 6
  --docs  write the table into docs/faults.md, too
`;

const project = '@stackyard/lambda-zip';
const report = new URL('../../../../packages/observability/lambda-zip/.stackyard/proof.json', import.meta.url);
const page = new URL('../../../../docs/faults.md', import.meta.url);

const { values } = parseArgs({
  options: { long: { type: 'boolean' }, docs: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(usage);
else await main();

/** Runs the fault proofs of lambda-zip and shows what they counted. The exit code is theirs. */
async function main(): Promise<void> {
  // What Nx remembers of the proofs has the short throttle.
  const argv = ['run', `${project}:proof`, '--outputStyle=static', ...(values.long ? ['--skip-nx-cache'] : [])];
  const { status } = spawnSync('nx', argv, {
    stdio: 'inherit',
    env: { ...process.env, ...(values.long ? { STACKYARD_FAULTS: 'long' } : {}) },
  });
  const rows = rowsOf(
    JSON.parse(await readFile(report, 'utf8')),
    scenarios.map(({ name }) => name),
  );
  process.stdout.write(`\n${faultsTable(rows)}\n`);
  if (values.docs) await writeFile(page, betweenMarks(await readFile(page, 'utf8'), 'faults', faultsMarkdown(rows)));
  process.exitCode = status ?? 1;
}
