import { expect, test } from 'vitest';
import { files, importsOf, projects, read } from '../src/workspace.ts';

const patterns = projects().filter(({ folder }) => folder.startsWith('packages/'));
const patternNames = new Set(patterns.map(({ manifest }) => manifest.name));

test('no pattern imports another pattern: they meet in SSM parameters', () => {
  const offences = patterns.flatMap(({ folder, manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter((name) => patternNames.has(name))
      .map((name) => `${folder} depends on ${name}`),
  );
  expect(offences).toEqual([]);
});

test('no import leaves its project by a relative path', () => {
  const folders = projects().map(({ folder }) => folder);
  const offences = files()
    .filter((file) => file.endsWith('.ts') && !file.endsWith('vitest.config.ts'))
    .flatMap((file) => {
      const folder = folders.find((candidate) => file.startsWith(`${candidate}/`));
      if (!folder) return [];
      return importsOf(read(file))
        .filter((name) => name.startsWith('.'))
        .filter((name) => !new URL(name, `file:///${file}`).pathname.startsWith(`/${folder}/`))
        .map((name) => `${file} imports ${name}`);
    });
  expect(offences).toEqual([]);
});

test('handlers and extensions never import the CDK', () => {
  const offences = files()
    .filter((file) => /^packages\/[^/]+\/[^/]+\/src\/.*\.ts$/.test(file))
    .filter((file) =>
      importsOf(read(file)).some((name) => /^(aws-cdk-lib|constructs|cdk-nag|@stackyard\/cdk-core)/.test(name)),
    );
  expect(offences).toEqual([]);
});

test('proofs are black boxes: they import nothing of the pattern', () => {
  const offences = files()
    .filter((file) => /^packages\/.*\/proof\/.*\.ts$/.test(file))
    .filter((file) => importsOf(read(file)).some((name) => /\/(src|cdk)\//.test(name)));
  expect(offences).toEqual([]);
});

test('what only the embedded cloud can do is in fault proofs alone', () => {
  const offences = files()
    .filter((file) => /^packages\/.*\.proof\.ts$/.test(file) && !file.endsWith('.fault.proof.ts'))
    .filter((file) => /\bfaults\b[\s\S]*from '@stackyard\/proof-kit'/.test(read(file)));
  expect(offences).toEqual([]);
});

test('cdk-nag 2 habits are gone: version 3 does nothing for them', () => {
  const offences = files()
    .filter((file) => /^(packages|libs)\/.*\.ts$/.test(file))
    .filter((file) => /NagSuppressions|Aspects\.of\([^)]*\)\.add\(new AwsSolutionsChecks/.test(read(file)));
  expect(offences).toEqual([]);
});
