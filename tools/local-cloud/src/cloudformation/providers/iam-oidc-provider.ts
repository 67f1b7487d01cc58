import type {
  CreateOpenIDConnectProviderCommandOutput,
  GetOpenIDConnectProviderCommandOutput,
} from '@aws-sdk/client-iam';
import type { ResourceProvider, ResourceResult } from '../provider.ts';
import { ifThere, tagChanges, unlessGone } from './calls.ts';

export const iamOidcProvider: ResourceProvider = {
  type: 'AWS::IAM::OIDCProvider',
  properties: ['ClientIdList', 'Tags', 'ThumbprintList', 'Url'],
  async create({ properties, call }) {
    const { Url, ClientIdList: ClientIDList, ThumbprintList, Tags } = properties;
    const input = { Url, ClientIDList, ThumbprintList, Tags };
    const { OpenIDConnectProviderArn: arn = '' } = await call<CreateOpenIDConnectProviderCommandOutput>(
      'iam',
      'CreateOpenIDConnectProvider',
      input,
    );
    return resultOf(arn);
  },
  async update({ physicalId: OpenIDConnectProviderArn, properties, previous, call }) {
    const change = (operation: string, input: object) => call('iam', operation, { OpenIDConnectProviderArn, ...input });
    const { ClientIdList = [], ThumbprintList = [] } = properties;
    const old: string[] = previous['ClientIdList'] ?? [];
    for (const ClientID of ClientIdList) await change('AddClientIDToOpenIDConnectProvider', { ClientID });
    const gone = old.filter((id) => !ClientIdList.includes(id));
    for (const ClientID of gone) await change('RemoveClientIDFromOpenIDConnectProvider', { ClientID });
    await change('UpdateOpenIDConnectProviderThumbprint', { ThumbprintList });
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    if (removed.length > 0) await change('UntagOpenIDConnectProvider', { TagKeys: removed });
    if (set.length > 0) await change('TagOpenIDConnectProvider', { Tags: set });
    return resultOf(OpenIDConnectProviderArn);
  },
  async delete({ physicalId: OpenIDConnectProviderArn, call }) {
    await unlessGone(['NoSuchEntity'], () => call('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn }));
  },
  async read({ physicalId: OpenIDConnectProviderArn, call }) {
    const found = await ifThere(['NoSuchEntity'], () =>
      call<GetOpenIDConnectProviderCommandOutput>('iam', 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn }),
    );
    if (!found) return undefined;
    const { ClientIDList: ClientIdList, ThumbprintList, Tags } = found;
    const properties = { ClientIdList, ThumbprintList, Tags: Tags?.length ? Tags : undefined };
    return { ...resultOf(OpenIDConnectProviderArn), properties };
  },
};

function resultOf(arn: string): ResourceResult {
  return { physicalId: arn, attributes: { Arn: arn } };
}
