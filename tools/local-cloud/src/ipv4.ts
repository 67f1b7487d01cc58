import { isIPv4 } from 'node:net';

/** A block of IPv4 addresses: its first address as a number, and how many there are. */
export interface Ipv4Block {
  readonly start: number;
  readonly size: number;
  readonly prefix: number;
}

/** `10.0.0.0/16` as a block; bits below the prefix are cut off. `undefined` for anything else. */
export function readBlock(text: string): Ipv4Block | undefined {
  const [, address = '', prefixText = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const prefix = Number(prefixText);
  if (!isIPv4(address) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { start: Math.floor(numberOf(address) / size) * size, size, prefix };
}

export function blockText({ start, prefix }: Ipv4Block): string {
  return `${addressOf(start)}/${prefix}`;
}

export function isWithin(inner: Ipv4Block, outer: Ipv4Block): boolean {
  return inner.start >= outer.start && inner.start + inner.size <= outer.start + outer.size;
}

export function overlap(one: Ipv4Block, other: Ipv4Block): boolean {
  return one.start < other.start + other.size && other.start < one.start + one.size;
}

export const numberOf = (address: string) => address.split('.').reduce((value, byte) => value * 256 + Number(byte), 0);
export const addressOf = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
