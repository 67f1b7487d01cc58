/**
 * A browser as plain as the pages: it follows redirects, keeps cookies and fills in the one form of a page.
 *
 * @param host where the pages are: whoever is elsewhere is where the journey ends.
 */
export function browser(host = '127.0.0.1') {
  const cookies = new Map<string, string>();
  let page = '';
  let address = new URL('about:blank');

  async function visit(url: URL, init: RequestInit = {}): Promise<URL | undefined> {
    if (url.hostname !== host) return url;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    page = await answer.text();
    address = url;
    const location = answer.headers.get('location');
    return location === null ? undefined : visit(new URL(location, url));
  }

  const text = () => unescaped(page.replaceAll(/<[^>]+>/g, ' '));
  return {
    /** Answers the address elsewhere that it was sent to; `undefined` while a page is shown. */
    open: (url: URL) => visit(url),
    submit(fields: Record<string, string>) {
      const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1];
      if (action === undefined) throw new Error(`There is no form on this page: ${page}`);
      const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, unescaped(value)] as const,
      );
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
      return visit(new URL(unescaped(action), address), { method: 'POST', body });
    },
    title: () => unescaped(/<h1>([^<]*)<\/h1>/.exec(page)?.[1] ?? ''),
    alert: () => unescaped(/<p role="alert">([^<]*)<\/p>/.exec(page)?.[1] ?? ''),
    text,
  };
}

function unescaped(html: string): string {
  return html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
