import { modelOf } from './protocols/model.ts';
import { services } from './services/index.ts';

/** docs/local-cloud.md's table of what each service covers, from the services themselves. */
export async function coverageTable(): Promise<string> {
  const rows = await Promise.all(
    services.map(async (service) => {
      const model = await modelOf(service);
      const covered = Object.keys(service.operations).sort();
      return `| ${service.name} | ${covered.length} of ${model.operations.size} | ${covered.join(', ')} |`;
    }),
  );
  return ['| service | operations | which |', '|---|---|---|', ...rows].join('\n');
}

/** Where the table stands in the page. */
export const tableMarks = { start: '<!-- coverage -->', end: '<!-- /coverage -->' };
