import { expect, test } from 'vitest';
import { readPrices } from '../src/prices.ts';

test('docs/prices.md names the prices that the benchmark reckons with, and their date', async () => {
  expect(await readPrices()).toEqual({
    noted: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    logsIngestionPerGb: expect.toSatisfy((usd: number) => usd > 0.1 && usd < 10),
    kinesisPerMillionUnits: expect.toSatisfy((usd: number) => usd > 0.001 && usd < 1),
    dynamodbPerMillionWrites: expect.toSatisfy((usd: number) => usd > 0.1 && usd < 2),
    dynamodbPerMillionReads: expect.toSatisfy((usd: number) => usd > 0.01 && usd < 1),
    valkeyPerGbHour: expect.toSatisfy((usd: number) => usd > 0.01 && usd < 1),
    valkeyPerMillionEcpus: expect.toSatisfy((usd: number) => usd > 0.0001 && usd < 0.1),
  });
});
