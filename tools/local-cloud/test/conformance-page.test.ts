import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { coverage, marks } from '../contract/conformance-page.ts';

const page = new URL('../../../docs/local-cloud.md', import.meta.url);

test('docs/local-cloud.md lists what the services cover and claim (UPDATE_DOCS=1 rewrites it)', async () => {
  const { start, end } = marks;
  const text = await readFile(page, 'utf8');
  const before = text.slice(0, text.indexOf(start) + start.length);
  const after = text.slice(text.indexOf(end));
  const wanted = `${before}\n${await coverage()}\n${after}`;
  if (process.env['UPDATE_DOCS']) await writeFile(page, wanted);
  else expect(text).toBe(wanted);
});
