import { isIPv4 } from 'node:net';

/** Is this host of a URL on this machine? */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}

/** Nobody answers at an address, or it is not on this machine. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** `fetch` that never leaves the machine and follows no redirect. Throws {@link Unreachable}. */
export async function fetchOnLoopback(address: string, init: RequestInit = {}): Promise<Response> {
  if (!URL.canParse(address)) throw new Unreachable(`${address} is no address`);
  const { origin, hostname } = new URL(address);
  if (!isLoopback(hostname)) throw new Unreachable(`${origin} is not on this machine, and no other is called`);
  try {
    return await fetch(address, { redirect: 'manual', ...init });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Unreachable(`${origin}: ${cause instanceof Error ? cause.message : message}`);
  }
}
