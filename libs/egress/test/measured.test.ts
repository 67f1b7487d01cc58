import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('every call is a value of the metric, 1 where it failed, and fails as it did', async () => {
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'consumer');
  const { measured } = await import('../src/measured.ts');
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  await measured(async () => undefined);
  await expect(measured(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  const logged = lines.map((line) => JSON.parse(line));
  expect(logged.map(({ CallFailed }) => CallFailed)).toEqual([0, 1]);
  const [{ Namespace, Dimensions }] = logged[0]._aws.CloudWatchMetrics;
  expect([Namespace, Dimensions]).toEqual(['Stackyard/Egress', [['service', 'function']]]);
});
