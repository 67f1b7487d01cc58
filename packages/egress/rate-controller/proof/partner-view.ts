import { partner } from '@stackyard/egress/proof';
import Table from 'cli-table3';

/** What the partner's stack allows at `/limited`; it refuses what is more. */
export const allowed = { count: 10, ms: 1000 };

/** What the partner recorded of these subjects. */
export async function partnerView(subjects: readonly string[]) {
  const taken = await partner.calls(subjects);
  const times = taken.map(({ time }) => Date.parse(time));
  return {
    subjects: taken.map(({ event }) => event.subject).toSorted(),
    refused: await partner.refused(subjects),
    /** The most calls in any sliding window. */
    most: Math.max(
      0,
      ...times.map((start) => times.filter((time) => time >= start && time < start + allowed.ms).length),
    ),
    seconds: times.length > 0 ? (Math.max(...times) - Math.min(...times)) / 1000 : 0,
  };
}

type View = Awaited<ReturnType<typeof partnerView>>;

export interface Row {
  readonly what: string;
  readonly answered: number;
  readonly refused: number;
  readonly view: View;
}

export function partnerTable({ what, answered, refused, view }: Row): string {
  const head = [
    '',
    'answered',
    'told to come again',
    'taken by the partner',
    'most in any second',
    'refused by the partner',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  const taken = `${view.subjects.length} in ${view.seconds.toFixed(1)} s`;
  table.push([what, answered, refused, taken, `${view.most} of ${allowed.count}`, view.refused.length]);
  return table.toString();
}

export function queueTable(row: { readonly what: string; readonly deferred: number; readonly view: View }): string {
  const { what, deferred, view } = row;
  const head = ['', 'sent back until they fit', 'taken by the partner', 'most in any second', 'refused by the partner'];
  const table = new Table({ head, style: { head: [], border: [] } });
  const taken = `${view.subjects.length} in ${view.seconds.toFixed(1)} s`;
  table.push([what, deferred, taken, `${view.most} of ${allowed.count}`, view.refused.length]);
  return table.toString();
}
