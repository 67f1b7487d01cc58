import type { ViteUserConfig } from 'vitest/config';

/** What every project's tests share: unit tests and properties live in `test/`. */
export const baseConfig: ViteUserConfig = {
  test: {
    include: ['test/**/*.test.ts'],
    restoreMocks: true,
    // A laptop under load is slow, and a slow test is none that fails: this ends only what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
};
