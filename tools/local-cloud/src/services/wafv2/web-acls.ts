import { randomUUID } from 'node:crypto';
import type {
  CreateWebACLCommandInput,
  CreateWebACLCommandOutput,
  DeleteWebACLCommandInput,
  DeleteWebACLCommandOutput,
  GetWebACLCommandInput,
  GetWebACLCommandOutput,
  ListWebACLsCommandInput,
  ListWebACLsCommandOutput,
  UpdateWebACLCommandInput,
  UpdateWebACLCommandOutput,
  WebACLSummary,
} from '@aws-sdk/client-wafv2';
import { type Call, operation } from '../../service.ts';
import { checkAcl } from './check-acl.ts';
import { associated, duplicate, nonexistent, outdated, unsupported } from './errors.ts';
import { standingStage } from './guarded-stage.ts';
import { stateOf, type WebAcl } from './state.ts';

type Named = { Id?: string | undefined; Name?: string | undefined; Scope?: string | undefined };

/** What a web ACL's ARN demands, or what one that is still to be made would. */
function on(action: string) {
  return (input: Named, call: Call) => [
    { action: `wafv2:${action}`, resource: arnOf(call, input.Name ?? '*', input.Id ?? '*') },
  ];
}

export const createWebAcl = operation<CreateWebACLCommandInput, CreateWebACLCommandOutput>({
  demands: on('CreateWebACL'),
  run(input, call) {
    checkScope(input);
    checkAcl(input);
    const { acls } = stateOf(call);
    if ([...acls.values()].some(({ acl }) => acl.Name === input.Name)) throw duplicate();
    const { Scope: _scope, Tags = [], ...given } = input;
    const Id = randomUUID();
    const created: WebAcl = {
      acl: {
        ...given,
        Id,
        ARN: arnOf(call, input.Name ?? '', Id),
        Rules: input.Rules ?? [],
        Capacity: capacityOf(input),
      },
      lockToken: randomUUID(),
      tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      resources: new Set(),
    };
    acls.set(Id, created);
    return { Summary: summaryOf(created) };
  },
});

export const getWebAcl = operation<GetWebACLCommandInput, GetWebACLCommandOutput>({
  demands: on('GetWebACL'),
  run(input, call) {
    const found = input.ARN === undefined ? named(input, call) : byArn(input.ARN, call);
    return { WebACL: found.acl, LockToken: found.lockToken };
  },
});

export const listWebAcls = operation<ListWebACLsCommandInput, ListWebACLsCommandOutput>({
  run(input, call) {
    checkScope(input);
    return { WebACLs: [...stateOf(call).acls.values()].map(summaryOf) };
  },
});

export const updateWebAcl = operation<UpdateWebACLCommandInput, UpdateWebACLCommandOutput>({
  demands: on('UpdateWebACL'),
  run(input, call) {
    const found = named(input, call);
    checkAcl(input);
    if (input.LockToken !== found.lockToken) throw outdated();
    const { Scope: _scope, LockToken: _token, ...given } = input;
    found.acl = {
      ...given,
      Id: found.acl.Id,
      ARN: found.acl.ARN,
      Rules: input.Rules ?? [],
      Capacity: capacityOf(input),
    };
    found.lockToken = randomUUID();
    return { NextLockToken: found.lockToken };
  },
});

export const deleteWebAcl = operation<DeleteWebACLCommandInput, DeleteWebACLCommandOutput>({
  demands: on('DeleteWebACL'),
  run(input, call) {
    const found = named(input, call);
    if (input.LockToken !== found.lockToken) throw outdated();
    if ([...found.resources].some((arn) => standingStage(arn, call))) throw associated();
    stateOf(call).acls.delete(found.acl.Id ?? '');
    return {};
  },
});

/** Throws WAFNonexistentItemException. */
export function byArn(arn: string | undefined, call: Call): WebAcl {
  const found = [...stateOf(call).acls.values()].find(({ acl }) => acl.ARN === arn);
  if (!found) throw nonexistent();
  return found;
}

function named(input: Named, call: Call): WebAcl {
  checkScope(input);
  const found = stateOf(call).acls.get(input.Id ?? '');
  if (!found || found.acl.Name !== input.Name) throw nonexistent();
  return found;
}

function checkScope({ Scope }: Named): void {
  if (Scope === 'CLOUDFRONT') throw unsupported('web ACLs for CloudFront (Scope CLOUDFRONT)');
}

function arnOf({ region, account }: Call, name: string, id: string): string {
  return `arn:aws:wafv2:${region}:${account}:regional/webacl/${name}/${id}`;
}

function summaryOf({ acl, lockToken }: WebAcl): WebACLSummary {
  const { Name, Id, ARN, Description = '' } = acl;
  return { Name, Id, ARN, Description, LockToken: lockToken };
}

/** "Web ACL capacity units": a rate-based rule takes 2, and what it is narrowed by as much as any other rule, here 10. */
function capacityOf({ Rules = [] }: { Rules?: CreateWebACLCommandInput['Rules'] }): number {
  return Rules.reduce((sum, { Statement }) => {
    const rate = Statement?.RateBasedStatement;
    return sum + (rate ? 2 + (rate.ScopeDownStatement ? 10 : 0) : 10);
  }, 0);
}
