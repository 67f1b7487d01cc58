import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Listr } from 'listr2';
import { benchmarks, onlyByName } from './benchmarks.ts';
import type { Figure, Measurement } from './figure.ts';
import { betweenMarks, figuresJson, figuresMarkdown, figuresTable } from './report.ts';

const names = Object.keys(benchmarks);
const usage = `Usage: pnpm bench [name…] [--json FILE] [--docs]

  name         ${names.join(', ')}; all but ${onlyByName.join(', ')} unless one is named
  --json FILE  write the figures to this file, too
  --docs       write them into docs/benchmarks.md, too
`;

const page = new URL('../../../docs/benchmarks.md', import.meta.url);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, docs: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}.\n\n${usage}`);
  const chosen = positionals.length > 0 ? positionals : names.filter((name) => !onlyByName.includes(name));

  const figures = new Map<string, Figure[]>();
  for (const name of chosen) figures.set(name, await measure(name, benchmarks[name] ?? []));
  const all = [...figures.values()].flat();
  process.stdout.write(`\n${figuresTable(all)}\n${machine()}\n`);
  if (values.json) await writeFile(values.json, figuresJson(all));
  if (values.docs) await writeDocs(figures);
}

/** One measurement after the other: two at once would measure each other. */
async function measure(name: string, measurements: readonly Measurement[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tasks = measurements.map(({ title, run }) => ({
    title: `${name}: ${title}`,
    task: async (_: unknown, task: { output: string }) => {
      const say = (progress: string) => {
        // Elsewhere each step would be a line of its own.
        if (process.stdout.isTTY) task.output = progress;
      };
      figures.push(...(await run(say)));
    },
  }));
  await new Listr(tasks, { fallbackRenderer: 'simple' }).run();
  return figures;
}

function machine(): string {
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${cpus().length} cores (${model.trim()}), ${memory} GiB, Node ${process.version}, ${process.platform}`;
}

async function writeDocs(figures: ReadonlyMap<string, readonly Figure[]>): Promise<void> {
  let text = await readFile(page, 'utf8');
  for (const [name, values] of figures) text = betweenMarks(text, name, figuresMarkdown(values, machine()));
  await writeFile(page, text);
  for (const { draw } of [...figures.keys()].flatMap((name) => benchmarks[name] ?? [])) {
    for (const [file, svg] of Object.entries((await draw?.()) ?? {})) await writeFile(new URL(file, page), `${svg}\n`);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  // What a failed measurement left open must not keep the command alive.
  process.exit(1);
});
