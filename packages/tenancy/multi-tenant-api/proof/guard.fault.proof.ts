import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { apiUrl } from '@stackyard/proof-kit';
import { expect, onTestFinished, test } from 'vitest';
import { setAddressLimit } from './address-limit.ts';
import { newTenant, output, signedIn, used } from './deployed.ts';

/** Status of a request from another of this machine's loopback addresses. Of a machine's addresses AWS sees one. */
async function from(localAddress: string, path: string, token?: string): Promise<number> {
  const url = `${apiUrl(await output('ApiUrl'))}${path}`;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { localAddress, headers, agent: false }, resolve).on('error', reject);
  });
  await text(response);
  return response.statusCode ?? 0;
}

// Elsewhere 127.0.0.1 is the only loopback address there is.
test.skipIf(process.platform !== 'linux')(
  'given an address over the limit, when a tenant elsewhere sends requests meanwhile, then they are answered',
  async () => {
    const user = await signedIn(await newTenant('standard'));
    const before = await setAddressLimit(50);
    onTestFinished(async () => {
      await setAddressLimit(before);
    });
    const flood = await Promise.all(Array.from({ length: 60 }, () => from('127.0.0.2', 'usage')));
    expect(flood.filter((status) => status === 403)).toHaveLength(10);
    // Whoever comes from there is blocked, and uncounted.
    expect(await from('127.0.0.2', 'products', user)).toBe(403);
    expect(await used(user)).toBe(0);
    expect(await from('127.0.0.3', 'products', user)).toBe(200);
  },
);
