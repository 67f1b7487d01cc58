import type {
  AddClientIDToOpenIDConnectProviderCommandInput,
  AddClientIDToOpenIDConnectProviderCommandOutput,
  CreateOpenIDConnectProviderCommandInput,
  CreateOpenIDConnectProviderCommandOutput,
  DeleteOpenIDConnectProviderCommandInput,
  DeleteOpenIDConnectProviderCommandOutput,
  GetOpenIDConnectProviderCommandInput,
  GetOpenIDConnectProviderCommandOutput,
  ListOpenIDConnectProvidersCommandInput,
  ListOpenIDConnectProvidersCommandOutput,
  RemoveClientIDFromOpenIDConnectProviderCommandInput,
  RemoveClientIDFromOpenIDConnectProviderCommandOutput,
  TagOpenIDConnectProviderCommandInput,
  TagOpenIDConnectProviderCommandOutput,
  UntagOpenIDConnectProviderCommandInput,
  UntagOpenIDConnectProviderCommandOutput,
  UpdateOpenIDConnectProviderThumbprintCommandInput,
  UpdateOpenIDConnectProviderThumbprintCommandOutput,
} from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { type OidcProvider, oidcProviders } from '../../iam/oidc-providers.ts';
import { type Call, operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { demand, withTags } from './demands.ts';
import { alreadyExists, constraint, limitExceeded, noSuchEntity } from './errors.ts';
import { readTags } from './tags.ts';

/** "IAM and AWS STS quotas" and "CreateOpenIDConnectProvider", IAM API Reference. */
const most = { clientIds: 100, thumbprints: 5, providers: 100 };

/**
 * The URL without its scheme. AWS takes https alone; on this machine a provider may also speak http. Throws InvalidInput.
 */
function readUrl(url: string): string {
  const [, place] = /^https:\/\/([^/?#]+(?:\/[^?#]*)?)$/.exec(url) ?? [];
  const [, local] = /^http:\/\/((?:127\.0\.0\.1|localhost)(?::\d+)?(?:\/[^?#]*)?)$/.exec(url) ?? [];
  const found = place ?? local;
  if (found === undefined || url.length > 255) {
    throw new AwsError(
      'InvalidInput',
      `Invalid Open ID Connect Provider URL ${url}: it must begin with https://, or with http:// on 127.0.0.1`,
    );
  }
  return found.replace(/\/$/, '');
}

function providerOf(input: { OpenIDConnectProviderArn?: string | undefined }, call: Call): OidcProvider {
  const arn = input.OpenIDConnectProviderArn ?? '';
  const found = oidcProviders(call.cloud, call.account).get(arn);
  if (!found) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return found;
}

const onProvider = (name: string) => (input: { OpenIDConnectProviderArn?: string | undefined }) => [
  demand(name, input.OpenIDConnectProviderArn ?? '*'),
];

function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > most.thumbprints) throw limitExceeded(`Thumbprint list must contain fewer than 5 entries.`);
  const wrong = thumbprints.find((thumbprint) => !/^[0-9A-Fa-f]{40}$/.test(thumbprint));
  if (wrong !== undefined) throw constraint('thumbprintList', wrong, 'have length equal to 40');
}

function checkClientIds(count: number): void {
  if (count > most.clientIds) {
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${most.clientIds}`);
  }
}

export const oidcProviderOperations = {
  CreateOpenIDConnectProvider: operation<
    CreateOpenIDConnectProviderCommandInput,
    CreateOpenIDConnectProviderCommandOutput
  >({
    demands: ({ Url = '', Tags }, { account }) => {
      const arn = `arn:aws:iam::${account}:oidc-provider/${Url.replace(/^https?:\/\//, '')}`;
      return [withTags(demand('CreateOpenIDConnectProvider', arn), Tags)];
    },
    run({ Url = '', ClientIDList = [], ThumbprintList = [], Tags }, call) {
      const url = readUrl(Url);
      const providers = oidcProviders(call.cloud, call.account);
      const arn = `arn:aws:iam::${call.account}:oidc-provider/${url}`;
      if (providers.has(arn)) throw alreadyExists(`Provider with url ${Url} already exists.`);
      if (providers.size >= most.providers) {
        throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${most.providers}`);
      }
      checkThumbprints(ThumbprintList);
      checkClientIds(ClientIDList.length);
      const tags = readTags(Tags);
      const createDate = new Date(call.cloud.clock.now());
      providers.set(arn, { arn, url, createDate, clientIds: new Set(ClientIDList), thumbprints: ThumbprintList, tags });
      return { OpenIDConnectProviderArn: arn, Tags: tagList(tags) };
    },
  }),
  GetOpenIDConnectProvider: operation<GetOpenIDConnectProviderCommandInput, GetOpenIDConnectProviderCommandOutput>({
    demands: onProvider('GetOpenIDConnectProvider'),
    run(input, call) {
      const { url, clientIds, thumbprints, createDate, tags } = providerOf(input, call);
      return {
        Url: url,
        ClientIDList: [...clientIds],
        ThumbprintList: [...thumbprints],
        CreateDate: createDate,
        Tags: tagList(tags),
      };
    },
  }),
  ListOpenIDConnectProviders: operation<
    ListOpenIDConnectProvidersCommandInput,
    ListOpenIDConnectProvidersCommandOutput
  >({
    run: (_input, { cloud, account }) => ({
      OpenIDConnectProviderList: [...oidcProviders(cloud, account).keys()].map((Arn) => ({ Arn })),
    }),
  }),
  /** A provider that is not there is deleted already. */
  DeleteOpenIDConnectProvider: operation<
    DeleteOpenIDConnectProviderCommandInput,
    DeleteOpenIDConnectProviderCommandOutput
  >({
    demands: onProvider('DeleteOpenIDConnectProvider'),
    run({ OpenIDConnectProviderArn: arn = '' }, { cloud, account }) {
      oidcProviders(cloud, account).delete(arn);
      return {};
    },
  }),
  AddClientIDToOpenIDConnectProvider: operation<
    AddClientIDToOpenIDConnectProviderCommandInput,
    AddClientIDToOpenIDConnectProviderCommandOutput
  >({
    demands: onProvider('AddClientIDToOpenIDConnectProvider'),
    run(input, call) {
      const { clientIds } = providerOf(input, call);
      checkClientIds(clientIds.size + 1);
      clientIds.add(input.ClientID ?? '');
      return {};
    },
  }),
  RemoveClientIDFromOpenIDConnectProvider: operation<
    RemoveClientIDFromOpenIDConnectProviderCommandInput,
    RemoveClientIDFromOpenIDConnectProviderCommandOutput
  >({
    demands: onProvider('RemoveClientIDFromOpenIDConnectProvider'),
    run(input, call) {
      providerOf(input, call).clientIds.delete(input.ClientID ?? '');
      return {};
    },
  }),
  UpdateOpenIDConnectProviderThumbprint: operation<
    UpdateOpenIDConnectProviderThumbprintCommandInput,
    UpdateOpenIDConnectProviderThumbprintCommandOutput
  >({
    demands: onProvider('UpdateOpenIDConnectProviderThumbprint'),
    run(input, call) {
      const provider = providerOf(input, call);
      checkThumbprints(input.ThumbprintList ?? []);
      provider.thumbprints = input.ThumbprintList ?? [];
      return {};
    },
  }),
  TagOpenIDConnectProvider: operation<TagOpenIDConnectProviderCommandInput, TagOpenIDConnectProviderCommandOutput>({
    demands: (input) => [
      withTags(demand('TagOpenIDConnectProvider', input.OpenIDConnectProviderArn ?? '*'), input.Tags),
    ],
    run(input, call) {
      const { tags } = providerOf(input, call);
      const all = readTags(tagList(new Map([...tags, ...readTags(input.Tags)])));
      for (const [key, value] of all) tags.set(key, value);
      return {};
    },
  }),
  UntagOpenIDConnectProvider: operation<
    UntagOpenIDConnectProviderCommandInput,
    UntagOpenIDConnectProviderCommandOutput
  >({
    demands: onProvider('UntagOpenIDConnectProvider'),
    run(input, call) {
      const { tags } = providerOf(input, call);
      for (const key of input.TagKeys ?? []) tags.delete(key);
      return {};
    },
  }),
};
