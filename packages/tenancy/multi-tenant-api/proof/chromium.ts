import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Page } from 'playwright-core';
import { generate } from 'selfsigned';

export interface OpenedPage {
  readonly page: Page;
  /** What the page logged as an error, or threw. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** A browser is slow where others work as well: this ends only what hangs. */
const patienceMs = 120_000;

/**
 * A page in headless Chromium. It is at AWS's addresses, with their origins and cookies; what it is told by way of name resolution is
 * that they are on this machine, where a door with TLS leads to the embedded cloud, which knows by the Host header what is meant.
 */
export async function openPage(): Promise<OpenedPage> {
  const door = await openDoor();
  const { port } = door.address() as AddressInfo;
  const here = ['*.amazonaws.com', '*.amazoncognito.com'].map((host) => `MAP ${host} 127.0.0.1:${port}`);
  const executablePath = process.env['CHROMIUM_PATH'] ?? (await bundledChromium());
  const args = [...sparticuz.args, `--host-resolver-rules=${here.join(', ')}`];
  const browser = await chromium.launch({ executablePath, args, headless: true, timeout: patienceMs });
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  page.setDefaultTimeout(patienceMs);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  return {
    page,
    errors,
    async close() {
      await browser.close();
      door.close();
      door.closeAllConnections();
    },
  };
}

/** The browser that npm brings runs on Linux with x64; elsewhere CHROMIUM_PATH names the machine's own. */
async function bundledChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Set CHROMIUM_PATH to a Chromium or Chrome of this machine: the one out of npm needs Linux on x64');
  }
  // Without it the shared libraries that come with the browser are not found outside of Lambda.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs24.x';
  return sparticuz.executablePath();
}

async function openDoor(): Promise<Server> {
  const { hostname, port } = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const door = createServer({ key, cert }, (incoming, outgoing) => {
    const { url: path, method, headers } = incoming;
    const passed = request({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  return door;
}
