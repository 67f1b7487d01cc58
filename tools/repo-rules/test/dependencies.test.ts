import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { files, importsOf, projects, read } from '../src/workspace.ts';

const { catalog } = parse(read('pnpm-workspace.yaml')) as { catalog: Record<string, string> };

test('every version in the catalog is exact', () => {
  const loose = Object.entries(catalog).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});

test('every dependency comes from the catalog or the workspace', () => {
  const others = projects().flatMap(({ folder, manifest }) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
      .map(([name, version]) => `${folder}: ${name}@${version}`),
  );
  expect(others).toEqual([]);
});

test('the CDK CLI stays on 2.x: 3.0.0 was published by accident', () => {
  expect(catalog['aws-cdk']).toMatch(/^2\./);
});

test('nx and its devkit have one version', () => {
  expect(catalog['nx']).toBe(catalog['@nx/devkit']);
});

test('every module a project imports is in its package.json', () => {
  const builtIn = /^(node:|\.|vitest\/)/;
  const missing = projects().flatMap(({ folder, manifest }) => {
    const declared = { ...manifest.dependencies, ...manifest.devDependencies, [manifest.name]: '' };
    const sources = files().filter(
      (file) => file.startsWith(`${folder}/`) && file.endsWith('.ts') && !file.includes('/fixtures/'),
    );
    const imported = new Set(sources.flatMap((file) => importsOf(read(file))));
    return [...imported]
      .filter((name) => !builtIn.test(name))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !(name in declared) && !(`@types/${name}` in declared))
      .map((name) => `${folder}: ${name}`);
  });
  expect([...new Set(missing)]).toEqual([]);
});
