import type { ViteUserConfig } from 'vitest/config';

/** What every project's tests share: unit tests and properties live in `test/`. */
export const baseConfig: ViteUserConfig = {
  test: {
    include: ['test/**/*.test.ts'],
    restoreMocks: true,
    // A laptop under load is slow; a hung test is not worth more than this.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
};
