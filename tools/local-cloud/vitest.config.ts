import { defineConfig, mergeConfig } from 'vitest/config';
import { baseConfig } from '../../vitest.config.base.ts';

/**
 * The tests share a process: each with modules of its own spends half its time on loading the SDK's clients and the CDK once more.
 * What a test changes in the process (its environment, its timers) it changes back.
 */
export default defineConfig(mergeConfig(baseConfig, { test: { isolate: false } }));
