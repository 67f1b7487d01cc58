import type { UpdateUserPoolClientCommandInput } from '@aws-sdk/client-cognito-identity-provider';
import { between, oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import { standardAttributes } from './schema.ts';
import type { AppClient, ClientSettings, UserPool } from './state.ts';

const authFlows = [
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_AUTH',
  'ADMIN_NO_SRP_AUTH',
  'CUSTOM_AUTH_FLOW_ONLY',
  'USER_PASSWORD_AUTH',
] as const;

/** "ExplicitAuthFlows": what a client allows that says nothing. */
const defaultFlows = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'] as const;

const scopesOfCognito = ['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin'];

/** What an app client is told, checked, with the defaults that Cognito answers. UpdateUserPoolClient puts all of it anew. */
export function checkedClientSettings(pool: UserPool, input: UpdateUserPoolClientCommandInput): ClientSettings {
  const { UserPoolId: _, ClientId: __, ClientName: ___, ...given } = input;
  if (given.AnalyticsConfiguration) throw unsupported('AnalyticsConfiguration');
  const flows = given.ExplicitAuthFlows ?? [...defaultFlows];
  validate(
    ...flows.map((flow) => oneOf('explicitAuthFlows', flow, authFlows)),
    ...(given.AllowedOAuthFlows ?? []).map((flow) =>
      oneOf('allowedOAuthFlows', flow, ['implicit', 'client_credentials', 'code']),
    ),
    oneOf('preventUserExistenceErrors', given.PreventUserExistenceErrors, ['LEGACY', 'ENABLED']),
    between('authSessionValidity', given.AuthSessionValidity, 3, 15),
    between('refreshTokenRotation.retryGracePeriodSeconds', given.RefreshTokenRotation?.RetryGracePeriodSeconds, 0, 60),
  );
  if (flows.includes('ALLOW_USER_AUTH')) throw unsupported('choice-based sign-in (ALLOW_USER_AUTH)');
  const isNew = (flow: string) => flow.startsWith('ALLOW_');
  if (flows.some(isNew) && !flows.every(isNew)) {
    throw invalidParameter("You can't mix ALLOW_ prefixed auth flows with those without it.");
  }
  const providers = (given.SupportedIdentityProviders ?? []).filter((name) => name !== 'COGNITO');
  if (providers.length > 0)
    throw invalidParameter(`The provider ${providers[0]} does not exist for User Pool ${pool.id}.`);
  checkAttributes(pool, given);
  checkOAuth(pool, given);
  checkValidity(given);
  return {
    ...given,
    ExplicitAuthFlows: flows,
    RefreshTokenValidity: given.RefreshTokenValidity || 30,
    TokenValidityUnits: given.TokenValidityUnits ?? {},
    AllowedOAuthFlowsUserPoolClient: given.AllowedOAuthFlowsUserPoolClient ?? false,
    EnableTokenRevocation: given.EnableTokenRevocation ?? true,
    AuthSessionValidity: given.AuthSessionValidity ?? 3,
  };
}

function checkAttributes(pool: UserPool, { ReadAttributes = [], WriteAttributes = [] }: ClientSettings): void {
  for (const name of [...ReadAttributes, ...WriteAttributes]) {
    if (!pool.schema.has(name))
      throw invalidParameter(
        `Invalid ${ReadAttributes.includes(name) ? 'read' : 'write'} attributes specified while creating a client`,
      );
  }
  const required = [...pool.schema.values()].filter(({ Required, Name }) => Required && Name !== 'sub');
  if (WriteAttributes.length > 0 && required.some(({ Name = '' }) => !WriteAttributes.includes(Name))) {
    throw invalidParameter('Invalid write attributes specified while creating a client');
  }
}

function checkOAuth(pool: UserPool, settings: ClientSettings): void {
  const { AllowedOAuthFlows: flows = [], AllowedOAuthScopes: scopes = [], CallbackURLs: urls = [] } = settings;
  const [hasFlows, hasScopes] = [flows.length > 0, scopes.length > 0];
  if (settings.AllowedOAuthFlowsUserPoolClient ? !hasFlows || !hasScopes : hasFlows || hasScopes) {
    throw invalidParameter(
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    );
  }
  if (flows.includes('client_credentials') && flows.length > 1) {
    throw invalidParameter('client_credentials flow can not be selected along with code flow or implicit flow.');
  }
  const known = [...scopesOfCognito, ...customScopes(pool)];
  const unknown = scopes.filter((scope) => !known.includes(scope));
  if (unknown.length > 0) throw new AwsError('ScopeDoesNotExistException', `Invalid scope requested: ${unknown[0]}`);
  if ((flows.includes('code') || flows.includes('implicit')) && urls.length === 0) {
    throw invalidParameter('CallbackURLs are required for the code and implicit flows.');
  }
  for (const url of [...urls, ...(settings.LogoutURLs ?? [])]) checkRedirect(url);
  if (settings.DefaultRedirectURI !== undefined && !urls.includes(settings.DefaultRedirectURI)) {
    throw invalidParameter('DefaultRedirectURI must be in the list of CallbackURLs.');
  }
}

/** "CallbackURLs": an absolute URI without a fragment; `http` for loopback only, other schemes for apps. */
function checkRedirect(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1' || url?.hostname === '[::1]';
  if (url?.hash !== '' || (url.protocol === 'http:' && !isLoopback)) {
    throw invalidParameter(
      `${text} is not a redirect URI that Cognito takes: it is absolute, has no fragment, and is https unless its host is localhost.`,
    );
  }
}

/** Scopes that the pool’s resource servers define, `<identifier>/<scope>`. */
export function customScopes(pool: UserPool): readonly string[] {
  return [...pool.resourceServers.values()].flatMap(({ identifier, scopes }) =>
    scopes.map(({ ScopeName }) => `${identifier}/${ScopeName}`),
  );
}

const seconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;

/** Seconds that a client's tokens are valid; units and ranges as "TokenValidityUnits" says. */
export function tokenValidity({ settings }: Pick<AppClient, 'settings'>): {
  access: number;
  id: number;
  refresh: number;
} {
  const { AccessToken = 'hours', IdToken = 'hours', RefreshToken = 'days' } = settings.TokenValidityUnits ?? {};
  return {
    access:
      (settings.AccessTokenValidity || (AccessToken === 'hours' ? 1 : 3600 / seconds[AccessToken])) *
      seconds[AccessToken],
    id: (settings.IdTokenValidity || (IdToken === 'hours' ? 1 : 3600 / seconds[IdToken])) * seconds[IdToken],
    refresh: (settings.RefreshTokenValidity || 30) * seconds[RefreshToken],
  };
}

function checkValidity(settings: ClientSettings): void {
  const { access, id, refresh } = tokenValidity({ settings });
  const check = (name: string, value: number, least: number, most: number) => {
    if (value < least || value > most)
      throw invalidParameter(
        `Invalid range for token validity. ${name} should be between ${least} and ${most} seconds.`,
      );
  };
  check('AccessTokenValidity', access, 300, 86_400);
  check('IdTokenValidity', id, 300, 86_400);
  check('RefreshTokenValidity', refresh, 3600, 315_360_000);
  if (refresh < Math.max(access, id)) {
    throw invalidParameter('Refresh token validity must be longer than that of access and ID tokens.');
  }
}

/** Attributes a client sees: of those it is told, or of the standard ones ("ReadAttributes"). `sub` is always one. */
export function readable({ settings }: AppClient): readonly string[] {
  return settings.ReadAttributes?.length ? [...settings.ReadAttributes, 'sub'] : standardAttributes;
}

/** Attributes a client may write for its users. Whether an address is verified is for Cognito to say. */
export function writable({ settings }: AppClient): readonly string[] {
  const names = settings.WriteAttributes?.length ? settings.WriteAttributes : standardAttributes;
  return names.filter((name) => name !== 'sub' && !name.endsWith('_verified'));
}
