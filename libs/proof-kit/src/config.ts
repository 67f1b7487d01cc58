import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folders of the synthesised assemblies to deploy before the proofs, in order. */
    assemblies: string[];
  }
}

/**
 * Vitest configuration of a pattern's proofs (`proof/*.proof.ts`).
 *
 * `needs` are the folders of the patterns that must stand first, relative to this one: `['../core']`. Their assemblies and
 * the pattern's own are deployed once before the first proof.
 */
export function proofConfig(needs: readonly string[] = []): ViteUserConfig {
  return {
    test: {
      include: ['proof/**/*.proof.ts'],
      globalSetup: [fileURLToPath(new URL('setup.ts', import.meta.url))],
      provide: { assemblies: [...needs, '.'].map((folder) => resolve(folder, 'cdk.out')) },
      // Faults and the clock belong to the whole cloud: one proof at a time.
      fileParallelism: false,
      // Under load all is slow: this ends only what hangs.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 60_000 } },
    },
  };
}
