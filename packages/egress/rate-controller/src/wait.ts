/**
 * How long the caller waits, in milliseconds: what it prefers (`Prefer: wait=5`, in seconds; RFC 7240, section 4.3), up to `most`;
 * `usual` where it doesn't say.
 */
export function waitMs(prefer: string | undefined, usual: number, most: number): number {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer ?? '')?.[1];
  return seconds === undefined ? usual : Math.min(most, Number(seconds) * 1000);
}
