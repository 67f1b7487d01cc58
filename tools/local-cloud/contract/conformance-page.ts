import { modelOf } from '../src/protocols/model.ts';
import { operationsOf, type Service } from '../src/service.ts';
import { services } from '../src/services/index.ts';
import type { Claim } from './contract.ts';
import { contracts } from './index.ts';

/** Where the generated part stands in the page. */
export const marks = { start: '<!-- coverage -->', end: '<!-- /coverage -->' };

/** docs/local-cloud.md's generated part: what each service covers, what it is held to, and what is not there. */
export async function coverage(): Promise<string> {
  const chapters = await Promise.all(services.map(chapterOf));
  const rows = chapters.map(({ row }) => row);
  const table = ['| service | operations | contract claims | limits shown |', '|---|---|---|---|', ...rows].join('\n');
  return [table, ...chapters.map(({ text }) => text)].join('\n\n');
}

async function chapterOf(service: Service) {
  const claims = contracts.find((contract) => contract.service === service)?.claims ?? [];
  const { operations } = await modelOf(service);
  const covered = Object.keys(await operationsOf(service)).sort();
  const missing = [...operations.keys()].filter((name) => !covered.includes(name)).sort();
  const claimed = new Set(claims.flatMap(({ operation, beside = [] }) => [operation, ...beside]));
  const unclaimed = covered.filter((name) => !claimed.has(name));
  const limits = claims.filter(({ limit }) => limit !== undefined);
  const row = `| [${service.name}](#${service.name}) | ${covered.length} of ${operations.size} | ${claims.length} | ${limits.length} |`;
  const text = [
    `### ${service.name}`,
    `Operations: ${covered.join(', ')}.`,
    ...(unclaimed.length > 0 ? [`Of these nothing is claimed yet: ${unclaimed.join(', ')}.`] : []),
    ...(claims.length > 0 ? [claimsTable(claims)] : []),
    folded(`${missing.length} operations that are not there`, missing.join(', ')),
  ].join('\n\n');
  return { row, text };
}

function claimsTable(claims: readonly Claim[]): string {
  const sorted = [...claims].sort((a, b) => a.operation.localeCompare(b.operation));
  const rows = sorted.map(
    ({ operation, claim, limit, source }) => `| ${operation} ${claim} | ${limit ?? ''} | ${source} |`,
  );
  return ['| claim | limit | AWS page |', '|---|---|---|', ...rows].join('\n');
}

function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}
