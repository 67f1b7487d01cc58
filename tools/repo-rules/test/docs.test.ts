import * as contracts from '@stackyard/contracts';
import { expect, test } from 'vitest';
import { files, read } from '../src/workspace.ts';

/** Codes in the first column of a Markdown table: `` | `CODE` | … ``. */
function tableCodes(page: string): string[] {
  return [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] as string).sort();
}

test('docs/errors.md has every error code of the code, and no other', () => {
  const inCode = files()
    .filter((file) => /^(libs|packages)\/.*\/errors\.ts$/.test(file))
    .flatMap((file) => [...read(file).matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map((match) => match[1] as string));
  expect(tableCodes(read('docs/errors.md'))).toEqual([...new Set(inCode)].sort());
});

test('docs/contracts.md has every parameter of every contract, and no other', () => {
  const declared = Object.values(contracts)
    .filter((value): value is contracts.Contract<string> => typeof value === 'object' && 'parameters' in value)
    .flatMap((contract) =>
      Object.keys(contract.parameters).map((name) => contracts.parameterName(contract, '{stage}', name)),
    );
  expect(tableCodes(read('docs/contracts.md'))).toEqual(declared.sort());
});

test('every relative link in a page leads to a file', () => {
  const known = new Set(files());
  const folders = new Set(files().flatMap((file) => file.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))));
  const broken = files()
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map((match) => new URL(match[1] as string, `file:///${file}`).pathname.slice(1).replace(/\/$/, ''))
        .filter((target) => !known.has(target) && !folders.has(target))
        .map((target) => `${file} → ${target}`),
    );
  expect(broken).toEqual([]);
});
