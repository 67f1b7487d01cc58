/** Headers that are not passed on: the connection's own, and what `fetch` sets or has undone. */
const dropped = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** Headers as the other side may see them. */
export function passedOn(headers: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !dropped.has(name.toLowerCase())));
}

/** An address with the values of its variables, `http://…/orders/{id}`: none of them adds a query or leaves its place. */
export function withPathParameters(uri: string, parameters: Readonly<Record<string, string>>): string {
  return uri.replace(/\{(\w+)\+?\}/g, (_, name: string) => {
    const segments = (parameters[name] ?? '').split('/');
    return segments.map((one) => (one === '.' || one === '..' ? '' : encodeURIComponent(one))).join('/');
  });
}
