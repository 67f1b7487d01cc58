import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withFeatureFlags } from './feature-flags.ts';

// Run after an upgrade of aws-cdk-lib or for a new package: node libs/cdk-core/src/write-feature-flags.ts
const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = globSync('packages/*/*/cdk.json', { cwd: root });
for (const file of files) {
  const content = withFeatureFlags(JSON.parse(readFileSync(`${root}/${file}`, 'utf8')));
  writeFileSync(`${root}/${file}`, JSON.stringify(content));
}
execFileSync('biome', ['format', '--write', ...files], { cwd: root, stdio: 'inherit' });
