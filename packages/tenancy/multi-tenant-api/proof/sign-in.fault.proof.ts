import { createHash, randomBytes } from 'node:crypto';
import { faults, signInUrl } from '@stackyard/proof-kit';
import { decodeJwt } from 'jose';
import { generate } from 'otplib';
import { describe, expect, test } from 'vitest';
import { admin, call, newTenant, output, secondsThere, unique } from './deployed.ts';

/** A browser that follows redirects on this machine, keeps cookies and fills in the one form of a page. */
function browser() {
  const cookies = new Map<string, string>();
  let page = '';
  let address = '';

  async function visit(url: string, init: RequestInit = {}): Promise<URL | undefined> {
    if (new URL(url).hostname !== '127.0.0.1') return new URL(url);
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    [page, address] = [await answer.text(), url];
    const location = answer.headers.get('location');
    return location === null ? undefined : visit(new URL(location, url).href);
  }

  const plain = (html: string) => html.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  return {
    open: (url: string) => visit(url),
    submit(fields: Record<string, string>) {
      const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(page) ?? [];
      const hidden = [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const body = new URLSearchParams([
        ...hidden.map(([, name = '', value = '']) => [name, plain(value)] as [string, string]),
        ...Object.entries(fields),
      ]);
      return visit(new URL(plain(action), address).href, { method: 'POST', body });
    },
    title: () => plain(/<h1>([^<]*)/.exec(page)?.[1] ?? ''),
    text: () => plain(page.replaceAll(/<[^>]+>/g, ' ')),
  };
}

// Pages are looked at, and mail is read, where both are the embedded cloud's.
describe('given somebody who was invited', () => {
  test('when they follow the sign-in to its end, then the app has a token that opens the API', async () => {
    const tenant = await newTenant('standard');
    const email = `${unique()}@example.com`;
    expect((await admin('POST', `tenants/${tenant}/users`, { email })).status).toBe(201);
    const temporary = (await faults.messages(email)).at(-1)?.code ?? '';

    const verifier = randomBytes(32).toString('base64url');
    const url = new URL(signInUrl(await output('SignInUrl')).replace(/\/login\?/, '/oauth2/authorize?'));
    url.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    url.searchParams.set('code_challenge_method', 'S256');
    url.searchParams.set('state', 'state-of-the-app');
    const visitor = browser();
    await visitor.open(url.href);
    expect(visitor.title()).toBe('Sign in');
    await visitor.submit({ username: email, password: temporary });
    expect(visitor.title()).toBe('Change your password');
    const password = `Aa1!${randomBytes(12).toString('hex')}`;
    await visitor.submit({ password, confirmation: password });
    expect(visitor.title()).toBe('Set up an authenticator app');
    const secret = /[A-Z2-7]{52}/.exec(visitor.text())?.[0] ?? '';
    const back = await visitor.submit({ code: await generate({ secret, epoch: await secondsThere() }) });
    expect(back?.searchParams.get('state')).toBe('state-of-the-app');

    const redirect_uri = url.searchParams.get('redirect_uri') ?? '';
    const form = { grant_type: 'authorization_code', client_id: await output('ClientId'), redirect_uri };
    const redeem = (code_verifier: string) =>
      fetch(`${url.origin}${url.pathname.replace('authorize', 'token')}`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, code: back?.searchParams.get('code') ?? '', code_verifier }),
      });
    const answer = (await (await redeem(verifier)).json()) as { id_token: string };
    expect(decodeJwt(answer.id_token)).toMatchObject({ email, 'custom:tenant_id': tenant });
    expect((await call('products', answer.id_token)).status).toBe(200);
    expect((await redeem(verifier)).status).toBe(400);
  });
});
