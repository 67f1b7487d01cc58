import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projects, read, root } from '../src/workspace.ts';

/** The sections of every pattern's README, in this order. */
const sections = ['Purpose', 'Picture', 'Deploy', 'Prove', 'Settings', 'Cost', 'Alarms', 'Limits', 'Teardown'];

const patterns = projects().filter(({ folder }) => folder.startsWith('packages/'));

describe.each(patterns.map(({ folder, manifest }) => [folder, manifest] as const))('%s', (folder, manifest) => {
  test('has the parts every pattern has', () => {
    const parts = ['README.md', 'cdk.json', 'cdk/app.ts', 'cdk/stack.ts', 'build.ts', 'test', 'tsconfig.json'];
    expect(parts.filter((part) => !existsSync(join(root, folder, part)))).toEqual([]);
  });

  test('is tagged with type, family and owner', () => {
    const kinds = (manifest.nx?.tags ?? []).map((tag) => tag.split(':')[0]);
    expect(kinds.sort()).toEqual(['family', 'owner', 'type']);
    expect(manifest.nx?.tags).toContain(`family:${folder.split('/')[1]}`);
  });

  test('its README has the fixed sections in their order', () => {
    const headings = [...read(`${folder}/README.md`).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(sections);
  });

  test("is in the root README's table", () => {
    expect(read('README.md')).toContain(`](${folder}/README.md)`);
  });
});
