import { GetWebACLCommand, GetWebACLForResourceCommand, UpdateWebACLCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { output } from './deployed.ts';

const waf = new WAFV2Client({});

/** Another limit of requests an address within five minutes; resolves with the one before. */
export async function setAddressLimit(limit: number): Promise<number> {
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
