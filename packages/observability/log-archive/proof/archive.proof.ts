import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { account, eventually } from '@stackyard/proof-kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { deployedArchive, identities, shipped } from './deployed-archive.ts';

let archive: Awaited<ReturnType<typeof deployedArchive>>;
beforeAll(async () => {
  archive = await deployedArchive();
});

const fromCloudWatch = (messages: readonly string[]) =>
  gzipSync(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: '/aws/lambda/orders',
      logStream: '2026/11/21/[1]0123456789abcdef0123456789abcdef',
      logEvents: messages.map((message) => ({ id: randomUUID(), timestamp: Date.now(), message })),
    }),
  );

describe('given records in the log stream', () => {
  test('of the extension and of CloudWatch Logs, then each is in the bucket exactly once', async () => {
    const lines = identities(400);
    const events = identities(100);
    await archive.put(lines.map(shipped));
    await archive.put([fromCloudWatch(events.slice(0, 60)), fromCloudWatch(events.slice(60))]);
    const ledger = await account([...lines, ...events], archive.messages);
    expect(ledger.count()).toEqual({ sent: 500, delivered: 500, duplicated: 0, lost: 0 });
  });

  test('one of which cannot be read, then it is there too, and takes no other along', async () => {
    const [line = ''] = identities(1);
    await archive.put([Buffer.from('garbage'), shipped(line)]);
    expect((await account([line], archive.messages)).count().lost).toBe(0);
    // The two may lie in different shards.
    await eventually(async () => expect(await archive.messages()).toContain('record.unreadable'));
  });

  test('one of which nests too deep to be written, then its neighbours are there all the same', async () => {
    const [before = '', poison = '', after = ''] = identities(3);
    const deep = shipped(poison)
      .toString()
      .replace(`"${poison}"`, `${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    await archive.put([shipped(before), Buffer.from(deep), shipped(after)]);
    expect((await account([before, after], archive.messages)).count().lost).toBe(0);
    await eventually(async () => expect(await archive.messages()).toContain('record.unwritable'));
  });

  test('then the table that Athena queries is where they are', async () => {
    const { Parameters, StorageDescriptor } = await archive.table();
    const [key = ''] = await archive.keys();
    const [, date = '', hour = ''] = /date=([\d-]+)\/hour=(\d\d)\//.exec(key) ?? [];
    const template = Parameters?.['storage.location.template'] ?? '';
    const folder = template.replace(/\$\{date\}/, date).replace(/\$\{hour\}/, hour);
    expect(`s3://${archive.bucket}/${key}`.startsWith(folder)).toBe(true);
    expect(folder.startsWith(StorageDescriptor?.Location ?? 'nowhere')).toBe(true);
  });

  test('then objects lie in partitions by the hour of their arrival', async () => {
    for (const key of await archive.keys()) {
      expect(key).toMatch(/^records\/date=\d{4}-\d\d-\d\d\/hour=\d\d\/shardId-\d{12}-\d+\.json\.gz$/);
    }
  });
});
