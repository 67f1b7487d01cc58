import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { asTimePasses, lifeOf, partner } from '@stackyard/egress/proof';
import { faults, stackOutputs } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { deployed } from './deployed-stream.ts';

afterEach(() => faults.clear());

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
const stack = `${stage}-egress-kinesis-stream`;

/** What `pnpm redrive` prints. */
async function redrive(...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('node', ['../../../tools/redrive/src/main.ts', stack, ...options]);
  return stdout;
}

test('given an outage of the partner that outlasts all retries, then a redrive brings to it what was given up', async () => {
  const { send, givenUp } = await deployed();
  const subject = `user-${randomUUID()}`;
  const texts = lifeOf(subject, 1).map((event) => JSON.stringify(event));
  const { BucketName } = await stackOutputs(`${stage}-egress-partner`);
  // The partner's own bucket: what is given up needs another.
  const outage = await faults.start({
    service: 's3',
    operation: 'PutObject',
    resource: BucketName,
    effect: { kind: 'fail', code: 'ServiceUnavailable', status: 503 },
  });
  await send(texts.map((text) => ({ subject, text })));
  await asTimePasses(async () => expect(await givenUp()).toContainEqual(texts));
  await outage.end();
  expect(await redrive()).toContain('Nothing was changed');
  expect(await givenUp()).toContainEqual(texts);
  expect(await redrive('--yes')).toMatch(/│ (\d+) +│ \1 +│/);
  await asTimePasses(async () => expect(await partner.calls([subject])).toHaveLength(1));
  expect(await givenUp()).not.toContainEqual(texts);
});
