import { GetWebACLCommand, GetWebACLForResourceCommand, UpdateWebACLCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { eventually } from '@stackyard/proof-kit';
import { expect, onTestFinished, test } from 'vitest';
import { call, newTenant, output, signedIn } from './deployed.ts';

const waf = new WAFV2Client({});

/** Another limit of requests an address within five minutes; resolves with the one before. */
async function setLimit(limit: number): Promise<number> {
  const ResourceArn = await output('StageArn');
  const { WebACL } = await waf.send(new GetWebACLForResourceCommand({ ResourceArn }));
  const named = { Name: WebACL?.Name, Id: WebACL?.Id, Scope: 'REGIONAL' as const };
  const { LockToken, WebACL: acl } = await waf.send(new GetWebACLCommand(named));
  const { DefaultAction, VisibilityConfig, Description, Rules = [] } = acl ?? {};
  const rate = Rules[0]?.Statement?.RateBasedStatement;
  const before = rate?.Limit;
  if (rate === undefined || before === undefined) throw new Error(`no rate rule stands before ${ResourceArn}`);
  rate.Limit = limit;
  await waf.send(new UpdateWebACLCommand({ ...named, LockToken, DefaultAction, VisibilityConfig, Description, Rules }));
  return before;
}

test('given an address that floods, when it is over the limit, then the guard answers before anything is counted, and lets it in again', async () => {
  const token = await signedIn(await newTenant('standard'));
  const before = await setLimit(100);
  onTestFinished(async () => {
    await setLimit(before);
  });
  // AWS notices after seconds.
  await eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => call('usage')));
    expect(answers.map(({ status }) => status)).toContain(403);
  });
  const blocked = await call('products', token);
  expect(blocked).toMatchObject({ status: 403, body: { title: 'Forbidden', status: 403 } });
  expect(blocked.headers.get('content-type')).toBe('application/problem+json');
  await setLimit(before);
  await eventually(async () => expect((await call('usage', token)).body).toMatchObject({ used: 0 }));
  expect((await call('products', token)).status).toBe(200);
});
