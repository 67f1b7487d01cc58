import type { CreateWebACLCommandOutput, GetWebACLCommandOutput } from '@aws-sdk/client-wafv2';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { tagChanges, unlessGone } from './calls.ts';

export const wafWebAcl: ResourceProvider = {
  type: 'AWS::WAFv2::WebACL',
  properties: [
    'CustomResponseBodies',
    'DefaultAction',
    'Description',
    'Name',
    'Rules',
    'Scope',
    'Tags',
    'VisibilityConfig',
  ],
  async create(request) {
    const { Tags, ...given } = inputOf(request.properties);
    const Name = given['Name'] ?? physicalName(request, { longest: 128 });
    const input = { ...given, Name, ...(Tags && { Tags }) };
    const { Summary } = await request.call<CreateWebACLCommandOutput>('wafv2', 'CreateWebACL', input);
    return described(request, { Name, Id: Summary?.Id, Scope: given['Scope'] });
  },
  async update(request) {
    const named = nameOf(request.physicalId);
    const { LockToken, WebACL } = await request.call<GetWebACLCommandOutput>('wafv2', 'GetWebACL', named);
    const { Tags: _tags, ...given } = inputOf(request.properties);
    await request.call('wafv2', 'UpdateWebACL', { ...given, ...named, LockToken });
    const { set, removed } = tagChanges(request.previous['Tags'], request.properties['Tags']);
    const ResourceARN = WebACL?.ARN;
    if (set.length > 0) await request.call('wafv2', 'TagResource', { ResourceARN, Tags: set });
    if (removed.length > 0) await request.call('wafv2', 'UntagResource', { ResourceARN, TagKeys: removed });
    return described(request, named);
  },
  async delete(request) {
    await unlessGone(['WAFNonexistentItemException'], async () => {
      const named = nameOf(request.physicalId);
      const { LockToken } = await request.call<GetWebACLCommandOutput>('wafv2', 'GetWebACL', named);
      await request.call('wafv2', 'DeleteWebACL', { ...named, LockToken });
    });
  },
};

export const wafWebAclAssociation: ResourceProvider = {
  type: 'AWS::WAFv2::WebACLAssociation',
  properties: ['ResourceArn', 'WebACLArn'],
  async create(request) {
    const { ResourceArn, WebACLArn } = request.properties;
    await request.call('wafv2', 'AssociateWebACL', { ResourceArn, WebACLArn });
    return { physicalId: `${ResourceArn}|${WebACLArn}` };
  },
  async delete(request) {
    const { ResourceArn } = request.properties;
    await unlessGone(['WAFNonexistentItemException'], () =>
      request.call('wafv2', 'DisassociateWebACL', { ResourceArn }),
    );
  },
};

interface Named {
  readonly Name: string | undefined;
  readonly Id: string | undefined;
  readonly Scope: string | undefined;
}

async function described(request: ResourceRequest, named: Named): Promise<ResourceResult> {
  const { WebACL } = await request.call<GetWebACLCommandOutput>('wafv2', 'GetWebACL', named);
  return {
    physicalId: `${named.Name}|${named.Id}|${named.Scope}`,
    attributes: { Arn: WebACL?.ARN, Id: WebACL?.Id, Capacity: WebACL?.Capacity },
  };
}

/** `Ref` of a web ACL: `name|id|scope`. */
function nameOf(physicalId: string): Named {
  const [Name, Id, Scope] = physicalId.split('|');
  return { Name, Id, Scope };
}

/** What is searched for is text in a template and bytes in the API. */
function inputOf(properties: Properties): Properties {
  return withBytes(properties) as Properties;
}

function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (name === 'SearchString') return [name, new TextEncoder().encode(item)];
      if (name === 'SearchStringBase64') return ['SearchString', new Uint8Array(Buffer.from(item, 'base64'))];
      return [name, withBytes(item)];
    }),
  );
}
