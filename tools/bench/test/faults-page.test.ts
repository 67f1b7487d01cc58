import { readFileSync } from 'node:fs';
import { type FaultRow, scenarios } from '@stackyard/echo/faults';
import { expect, test } from 'vitest';
import { columns, faultsMarkdown, rowsOf } from '../src/faults/table.ts';

const names = scenarios.map(({ name }) => name);
const counts = { sent: 1_000, delivered: 990, duplicated: 3, dropped: 10, lost: 0, mayLose: 0 };

/** A page's table without the numbers. */
function shapeOf(text: string): string[][] {
  const cells = (line: string) => line.split('|').map((cell) => cell.trim().replaceAll(/^[\d,]+$/g, '#'));
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cells);
}

test('docs/faults.md has a row for each fault, and every number (`pnpm faults --docs`)', () => {
  const page = readFileSync(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('<!-- faults -->'), page.indexOf('<!-- /faults -->'));
  const rows: FaultRow[] = names.map((name) => ({ name, ...counts }));
  expect(shapeOf(table)).toEqual(shapeOf(faultsMarkdown(rows)));
});

test('on the page nothing is lost beyond what the platform destroys', () => {
  const page = readFileSync(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  const lost = page
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, name]) => name !== undefined && names.includes(name))
    .map((cells) => [Number(cells[1 + columns.indexOf('lost')]), Number(cells[1 + columns.indexOf('may be lost')])]);
  expect(lost).toHaveLength(names.length);
  expect(lost.filter(([actual = 0, most = 0]) => actual > most)).toEqual([]);
});

test('a fault whose proof did not count is no empty row', () => {
  const report = { testResults: [{ assertionResults: [{ status: 'failed', meta: {} }] }] };
  expect(() => rowsOf(report, ['Freeze'])).toThrow("The proofs say nothing of 'Freeze'");
});
