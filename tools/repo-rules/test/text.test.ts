import { expect, test } from 'vitest';
import { files, read } from '../src/workspace.ts';

const texts = files().filter(
  (file) => /\.(ts|cts|mts|cjs|mjs|js|json|md|ya?ml|sh)$/.test(file) && file !== 'pnpm-lock.yaml',
);

function offences(pattern: RegExp, among = texts): string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

test('no file names a registry host', () => {
  const host = new RegExp(['registry', 'npmjs', 'org'].join('\\.'));
  expect(offences(host, [...texts, 'pnpm-lock.yaml'])).toEqual([]);
});

test('no path of somebody’s machine', () => {
  expect(offences(/(^|[\s'"`(])\/(work|home|root|Users)\/\w/)).toEqual([]);
});

test('no test is skipped, focused or left for later', () => {
  expect(offences(/\b(test|it|describe)\.(only|skip|todo)\(/)).toEqual([]);
});

test('no unfinished work is checked in', () => {
  const marks = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`);
  expect(offences(marks)).toEqual([]);
});

test('no rule is switched off without a reason', () => {
  expect(
    offences(/biome-ignore [\w/]+\s*$|@ts-ignore|@ts-nocheck/).filter((line) => !line.includes('repo-rules')),
  ).toEqual([]);
});

test('real account numbers stay out: only documentation ones and the embedded cloud’s', () => {
  const allowed = /^(000000000000|111111111111|222222222222|123456789012|999999999999|444455556666|111122223333)$/;
  const found = texts.flatMap((file) =>
    [...read(file).matchAll(/arn:aws:[\w-]*:[\w-]*:(\d{12}):/g)]
      .map((match) => match[1] as string)
      .filter((account) => !allowed.test(account))
      .map((account) => `${file}: ${account}`),
  );
  expect(found).toEqual([]);
});
