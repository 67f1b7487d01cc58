import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { featureFlags, withFeatureFlags } from '../src/feature-flags.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = globSync('packages/*/*/cdk.json', { cwd: root });

test('there are flags, and cdk.json files to hold them', () => {
  expect(Object.keys(featureFlags).length).toBeGreaterThan(80);
  expect(files).not.toEqual([]);
});

test.each(files)('%s has exactly the flags of the list', (file) => {
  const cdkJson = JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));
  expect(cdkJson, 'run: node libs/cdk-core/src/write-feature-flags.ts').toEqual(withFeatureFlags(cdkJson));
});

describe('writing the flags', () => {
  test('keeps what is no feature flag and drops flags the list does not know', () => {
    const written = withFeatureFlags({ context: { tenants: 3, '@aws-cdk/core:gone': true } });
    expect(written).toEqual({ context: { tenants: 3, ...featureFlags } });
  });
});
