import Table from 'cli-table3';
import { type Figure, meetsGoal, readable } from './figure.ts';

const measuredValue = ({ value, unit }: Figure) => `${readable(value)} ${unit}`.trim();

function goalOf({ goal, better, unit }: Figure): string {
  if (goal === null) return 'stated';
  return `${better === 'lower' ? 'at most' : 'at least'} ${goal.toLocaleString('en-US')} ${unit}`.trim();
}

const verdictOf = (figure: Figure) => (figure.goal === null ? '' : meetsGoal(figure) ? 'yes' : 'NO');

/** The table for people. */
export function figuresTable(figures: readonly Figure[]): string {
  const table = new Table({ head: ['Figure', 'Value', 'Goal', 'Met', 'Measured'], style: { head: [], border: [] } });
  for (const figure of figures) {
    table.push([figure.name, measuredValue(figure), goalOf(figure), verdictOf(figure), figure.measured]);
  }
  return table.toString();
}

/** The same in Markdown, under a line that says on what it was measured. */
export function figuresMarkdown(figures: readonly Figure[], machine: string): string {
  const rows = figures.map(
    (figure) =>
      `| \`${figure.name}\` | ${measuredValue(figure)} | ${goalOf(figure)} | ${verdictOf(figure)} | ${figure.measured} |`,
  );
  return [machine, '', '| figure | value | goal | met | measured |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** The document of `--json`. */
export function figuresJson(figures: readonly Figure[]): string {
  const documents = figures.map(({ name, value, unit, goal, better }) => ({ name, value, unit, goal, better }));
  return `${JSON.stringify(documents, null, 2)}\n`;
}

/** Puts text between the marks `<!-- name -->` and `<!-- /name -->` of a page. Throws when the page has no such marks. */
export function betweenMarks(page: string, name: string, text: string): string {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = page.indexOf(opening);
  const end = page.indexOf(closing);
  if (start < 0 || end < start) throw new Error(`The page needs the lines ${opening} and ${closing}, in this order`);
  return `${page.slice(0, start + opening.length)}\n${text}\n${page.slice(end)}`;
}
