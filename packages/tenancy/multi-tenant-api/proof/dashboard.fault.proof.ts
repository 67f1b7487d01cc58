import { randomBytes } from 'node:crypto';
import { faults } from '@stackyard/proof-kit';
import { generate } from 'otplib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenedPage, openPage } from './chromium.ts';
import { admin, call, farFromMidnight, newTenant, output, secondsThere, unique } from './deployed.ts';

let opened: OpenedPage;
beforeAll(async () => {
  opened = await openPage();
});
afterAll(() => opened.close());
beforeEach(farFromMidnight);

// The browser is sent to the embedded cloud, and mail is read there.
test('given somebody who was invited, when they open the dashboard, then they sign in and see the quota being used', async () => {
  const tenant = await newTenant('free');
  const email = `${unique()}@example.com`;
  await admin('POST', `tenants/${tenant}/users`, { email });
  const temporary = (await faults.messages(email)).at(-1)?.code ?? '';
  const password = `Aa1!${randomBytes(12).toString('hex')}`;

  const { page, errors } = opened;
  await page.goto(await output('DashboardUrl'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Username').fill(email);
  await page.getByLabel('Password').fill(temporary);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  const text = await page.getByText('authenticator app, then enter').textContent();
  const secret = /[A-Z2-7]{52}/.exec(text ?? '')?.[0] ?? '';
  await page.getByLabel('Code').fill(await generate({ secret, epoch: await secondsThere() }));
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByText('plan free').waitFor();
  const seen = async () => [await page.locator('#used').textContent(), await page.locator('#remaining').textContent()];
  expect(await page.locator('#tenant').textContent()).toBe(tenant);
  await expect.poll(seen).toEqual(['0', '5']);
  const button = page.getByRole('button', { name: 'Send a request' });
  const send = async (): Promise<string> => {
    await button.click();
    await expect.poll(() => button.isEnabled()).toBe(true);
    const said = (await page.locator('#message').textContent()) ?? '';
    // The plan lets ten a second pass, which is not what this is about.
    return said === 'Too Many Requests' ? send() : said;
  };
  for (let request = 1; request <= 5; request++) {
    expect(await send()).toBe('Answered');
    expect(await seen()).toEqual([String(request), String(5 - request)]);
  }
  expect(await send()).toBe('Limit Exceeded');
  expect(page.url()).not.toContain('code=');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  // A refused request is said by the browser as well.
  expect(errors.filter((error) => !error.includes('429'))).toEqual([]);
});

test('given a browser that knows nothing, when the sign-in comes back without having been begun, then no code is redeemed', async () => {
  const { page } = opened;
  await page.goto(`${await output('DashboardUrl')}?code=stolen&state=guessed`);
  await page.getByText('This sign-in was not begun here.').waitFor();
  expect((await call('usage')).status).toBe(401);
});
