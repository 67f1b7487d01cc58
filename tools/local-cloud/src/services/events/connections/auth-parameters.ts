import type {
  ConnectionAuthorizationType,
  ConnectionAuthResponseParameters,
  ConnectionHttpParameters,
  CreateConnectionAuthRequestParameters,
  UpdateConnectionAuthRequestParameters,
} from '@aws-sdk/client-eventbridge';
import { validationError } from '../../../errors.ts';

type Parameters = CreateConnectionAuthRequestParameters;

const memberOf = {
  API_KEY: 'ApiKeyAuthParameters',
  BASIC: 'BasicAuthParameters',
  OAUTH_CLIENT_CREDENTIALS: 'OAuthParameters',
} as const;

/** Throws ValidationException unless the parameters are those of the type, and complete. */
export function checkParameters(type: ConnectionAuthorizationType, given: Parameters | undefined): Parameters {
  const member = memberOf[type];
  if (!given?.[member]) throw validationError(`AuthParameters of a connection of type ${type} need ${member}.`);
  const other = Object.values(memberOf).find((name) => name !== member && given[name]);
  if (other) throw validationError(`${other} do not belong to a connection of type ${type}: it takes ${member}.`);
  const missing = required(given).find(([, value]) => !value);
  if (missing) throw validationError(`${missing[0]} of ${member} is missing.`);
  return given;
}

function required(given: Parameters): [name: string, value: string | undefined][] {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, OAuthParameters: oauth } = given;
  if (key)
    return [
      ['ApiKeyName', key.ApiKeyName],
      ['ApiKeyValue', key.ApiKeyValue],
    ];
  if (basic)
    return [
      ['Username', basic.Username],
      ['Password', basic.Password],
    ];
  return [
    ['AuthorizationEndpoint', oauth?.AuthorizationEndpoint],
    ['HttpMethod', oauth?.HttpMethod],
    ['ClientID', oauth?.ClientParameters?.ClientID],
    ['ClientSecret', oauth?.ClientParameters?.ClientSecret],
  ];
}

/** What an update leaves out stays as it was, unless the connection takes another type. */
export function mergeParameters(
  before: Parameters | undefined,
  given: UpdateConnectionAuthRequestParameters | undefined,
): Parameters {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, OAuthParameters: oauth } = given ?? {};
  const has = (key ?? basic ?? oauth) !== undefined;
  const kept = has ? { InvocationHttpParameters: before?.InvocationHttpParameters } : before;
  return {
    ...kept,
    ...(key && {
      ApiKeyAuthParameters: { ...before?.ApiKeyAuthParameters, ...key } as Parameters['ApiKeyAuthParameters'],
    }),
    ...(basic && {
      BasicAuthParameters: { ...before?.BasicAuthParameters, ...basic } as Parameters['BasicAuthParameters'],
    }),
    ...(oauth && {
      OAuthParameters: {
        ...before?.OAuthParameters,
        ...oauth,
        ClientParameters: { ...before?.OAuthParameters?.ClientParameters, ...oauth.ClientParameters },
      } as Parameters['OAuthParameters'],
    }),
    ...(given?.InvocationHttpParameters && { InvocationHttpParameters: given.InvocationHttpParameters }),
  };
}

/** As DescribeConnection tells them: without what is secret. */
export function withoutSecrets(given: Parameters | undefined): ConnectionAuthResponseParameters | undefined {
  if (!given) return undefined;
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, OAuthParameters: oauth } = given;
  return {
    ...(key && { ApiKeyAuthParameters: { ApiKeyName: key.ApiKeyName } }),
    ...(basic && { BasicAuthParameters: { Username: basic.Username } }),
    ...(oauth && {
      OAuthParameters: {
        ClientParameters: { ClientID: oauth.ClientParameters?.ClientID },
        AuthorizationEndpoint: oauth.AuthorizationEndpoint,
        HttpMethod: oauth.HttpMethod,
        ...(oauth.OAuthHttpParameters && { OAuthHttpParameters: tellable(oauth.OAuthHttpParameters) }),
      },
    }),
    ...(given.InvocationHttpParameters && { InvocationHttpParameters: tellable(given.InvocationHttpParameters) }),
  };
}

function tellable(parameters: ConnectionHttpParameters): ConnectionHttpParameters {
  const shown = <Entry extends { IsValueSecret?: boolean | undefined; Value?: string | undefined }>(
    entries: Entry[] | undefined,
  ) => entries?.map((entry) => (entry.IsValueSecret ? { ...entry, Value: undefined } : entry));
  return {
    HeaderParameters: shown(parameters.HeaderParameters),
    QueryStringParameters: shown(parameters.QueryStringParameters),
    BodyParameters: shown(parameters.BodyParameters),
  };
}
