import type {
  AssociateWebACLCommandInput,
  AssociateWebACLCommandOutput,
  DisassociateWebACLCommandInput,
  DisassociateWebACLCommandOutput,
  GetWebACLForResourceCommandInput,
  GetWebACLForResourceCommandOutput,
  ListResourcesForWebACLCommandInput,
  ListResourcesForWebACLCommandOutput,
} from '@aws-sdk/client-wafv2';
import { type Demand, operation } from '../../service.ts';
import { stageOf } from './guarded-stage.ts';
import { stateOf } from './state.ts';
import { byArn } from './web-acls.ts';

export const associateWebAcl = operation<AssociateWebACLCommandInput, AssociateWebACLCommandOutput>({
  demands: (input) => [
    { action: 'wafv2:AssociateWebACL', resource: input.WebACLArn ?? '*' },
    stageDemand(input.ResourceArn),
  ],
  run(input, call) {
    const acl = byArn(input.WebACLArn, call);
    const stage = stageOf(input.ResourceArn, call);
    for (const other of stateOf(call).acls.values()) other.resources.delete(input.ResourceArn ?? '');
    acl.resources.add(input.ResourceArn ?? '');
    stage.webAclArn = input.WebACLArn;
    return {};
  },
});

export const disassociateWebAcl = operation<DisassociateWebACLCommandInput, DisassociateWebACLCommandOutput>({
  demands: (input) => [stageDemand(input.ResourceArn)],
  run(input, call) {
    const stage = stageOf(input.ResourceArn, call);
    for (const acl of stateOf(call).acls.values()) acl.resources.delete(input.ResourceArn ?? '');
    delete stage.webAclArn;
    return {};
  },
});

export const getWebAclForResource = operation<GetWebACLForResourceCommandInput, GetWebACLForResourceCommandOutput>({
  run(input, call) {
    const { webAclArn } = stageOf(input.ResourceArn, call);
    return webAclArn === undefined ? {} : { WebACL: byArn(webAclArn, call).acl };
  },
});

export const listResourcesForWebAcl = operation<
  ListResourcesForWebACLCommandInput,
  ListResourcesForWebACLCommandOutput
>({
  demands: ({ WebACLArn = '*' }) => [{ action: 'wafv2:ListResourcesForWebACL', resource: WebACLArn }],
  run: (input, call) => ({ ResourceArns: [...byArn(input.WebACLArn, call).resources] }),
});

/** "Actions, resources, and condition keys for AWS WAF V2": whoever puts an ACL before a stage must be allowed to by API Gateway too. */
function stageDemand(arn = '*'): Demand {
  return { action: 'apigateway:SetWebACL', resource: arn };
}
