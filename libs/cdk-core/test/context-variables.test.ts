import { describe, expect, test, vi } from 'vitest';
import { getConfig } from '../src/config.ts';
import { assertContextVariables, stages, usages, validateContextVariables } from '../src/context-variables.ts';
import { development } from './stacks.ts';

const workload = { context: 'orders', owner: 'team-orders' };

describe('context variables', () => {
  test('allow any usage in dev and sandbox, elsewhere PRODUCTION alone', () => {
    const allowed = stages.flatMap((stage) =>
      usages
        .filter((usage) => validateContextVariables({ ...workload, stage, usage }).length === 0)
        .map((usage) => `${stage} ${usage}`),
    );
    expect(allowed.filter((pair) => /^(dev|sandbox) /.test(pair))).toHaveLength(2 * usages.length);
    expect(allowed.filter((pair) => !/^(dev|sandbox) /.test(pair))).toEqual(['test PRODUCTION', 'prod PRODUCTION']);
  });

  test('report all their problems in one message, each with the way out', () => {
    const invalid = () => assertContextVariables({ context: 'My Orders', stage: 'staging', owner: '', usage: 'FUN' });
    expect(invalid).toThrow(/CONFIGURATION_INVALID/);
    expect(invalid).toThrow(
      /context is "My Orders"; [\s\S]*owner is ""; [\s\S]*stage is "staging"; set STACKYARD_STAGE to one of dev/,
    );
    expect(invalid).toThrow(/usage is "FUN"; set STACKYARD_USAGE to one of PRODUCTION/);
  });
});

describe('getConfig', () => {
  test.each([
    ['dev', 'DEVELOPMENT'],
    ['test', 'PRODUCTION'],
    ['prod', 'PRODUCTION'],
    ['sandbox', 'POC'],
  ])('gives stage %s the usage %s', (stage, usage) => {
    expect(getConfig(workload, stage)).toEqual({ ...workload, stage, usage });
  });

  test('is for dev unless STACKYARD_STAGE says otherwise', () => {
    expect(getConfig(workload)).toEqual({ ...development });
    vi.stubEnv('STACKYARD_STAGE', 'prod');
    expect(getConfig(workload).stage).toBe('prod');
  });

  test('takes the usage of STACKYARD_USAGE, and refuses it where the stage forbids it', () => {
    vi.stubEnv('STACKYARD_USAGE', 'EPHEMERAL');
    expect(getConfig(workload, 'sandbox').usage).toBe('EPHEMERAL');
    expect(() => getConfig(workload, 'prod')).toThrow(/usage EPHEMERAL is not allowed in stage prod/);
  });

  test('names an unknown stage as the one problem it is', () => {
    expect(() => getConfig(workload, 'staging')).toThrow(
      /^CONFIGURATION_INVALID:\n {2}- stage is "staging"; set STACKYARD_STAGE to one of dev, test, prod, sandbox$/,
    );
  });
});
