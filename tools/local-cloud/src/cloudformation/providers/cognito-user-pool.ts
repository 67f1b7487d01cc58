import { isDeepStrictEqual } from 'node:util';
import type {
  CreateUserPoolCommandOutput,
  DescribeUserPoolCommandOutput,
  GetUserPoolMfaConfigCommandOutput,
  SchemaAttributeType,
  UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, unlessGone } from './calls.ts';

const gone = ['ResourceNotFoundException'];

/** Properties that CreateUserPool and UpdateUserPool take by the same name. */
const settings = [
  'AccountRecoverySetting',
  'AdminCreateUserConfig',
  'AutoVerifiedAttributes',
  'DeletionProtection',
  'DeviceConfiguration',
  'EmailConfiguration',
  'EmailVerificationMessage',
  'EmailVerificationSubject',
  'LambdaConfig',
  'Policies',
  'SmsAuthenticationMessage',
  'SmsConfiguration',
  'SmsVerificationMessage',
  'UserAttributeUpdateSettings',
  'UserPoolAddOns',
  'UserPoolTags',
  'UserPoolTier',
  'VerificationMessageTemplate',
];

/** What is chosen when the pool is made. */
const fixed = ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'] as const;

export const cognitoUserPool: ResourceProvider = {
  type: 'AWS::Cognito::UserPool',
  properties: [...settings, ...fixed, 'EnabledMfas', 'MfaConfiguration', 'Schema', 'UserPoolName'],
  async create(request) {
    const { properties } = request;
    const PoolName = properties['UserPoolName'] ?? physicalName(request, { longest: 128 });
    const input = { PoolName, ...pick(properties, [...settings, ...fixed, 'Schema']) };
    const { UserPool } = await request.call<CreateUserPoolCommandOutput>('cognito-idp', 'CreateUserPool', input);
    const id = UserPool?.Id as string;
    request.created(id);
    await setMfa(request, id);
    return resultOf(UserPool, request);
  },
  async update(request) {
    const { physicalId: UserPoolId, properties } = request;
    // Compared with the pool, not with what a failed update wanted: a rollback comes back to what is there.
    const pool = await poolOf(request, UserPoolId);
    for (const name of fixed) {
      if (!isDeepStrictEqual(properties[name], pool?.[name])) {
        throw new Error(`Invalid request provided: Updates are not allowed for property - ${name}.`);
      }
    }
    await addAttributes(request, pool);
    await setMfa(request, UserPoolId);
    const { UserPoolName: PoolName, MfaConfiguration } = properties;
    const input = { UserPoolId, PoolName, MfaConfiguration, ...pick(properties, settings) };
    // Tags that are no longer there are taken away by saying which are.
    await request.call('cognito-idp', 'UpdateUserPool', { UserPoolTags: {}, ...input });
    return resultOf(await poolOf(request, UserPoolId), request);
  },
  async delete(request) {
    const { physicalId: UserPoolId } = request;
    await unlessGone(gone, () => request.call('cognito-idp', 'DeleteUserPool', { UserPoolId }));
  },
  async read(request) {
    const { physicalId: UserPoolId } = request;
    const pool = await poolOf(request, UserPoolId);
    if (!pool) return undefined;
    const mfa = await request.call<GetUserPoolMfaConfigCommandOutput>('cognito-idp', 'GetUserPoolMfaConfig', {
      UserPoolId,
    });
    const properties = {
      ...Object.fromEntries([...settings, ...fixed].map((name) => [name, pool[name as keyof UserPoolType]])),
      UserPoolName: pool.Name,
      MfaConfiguration: pool.MfaConfiguration,
      EnabledMfas: mfa.SoftwareTokenMfaConfiguration?.Enabled ? ['SOFTWARE_TOKEN_MFA'] : undefined,
      UserPoolTags: Object.keys(pool.UserPoolTags ?? {}).length > 0 ? pool.UserPoolTags : undefined,
    };
    return { ...resultOf(pool, request), properties };
  },
};

/** `EnabledMfas` are the factors, `MfaConfiguration` whether they are asked for. */
async function setMfa(request: ResourceRequest, UserPoolId: string): Promise<void> {
  const { EnabledMfas = [], MfaConfiguration } = request.properties;
  const other = (EnabledMfas as string[]).find((factor) => factor !== 'SOFTWARE_TOKEN_MFA');
  if (other !== undefined)
    throw new Error(`The embedded cloud's Cognito has no second factor ${other}: use SOFTWARE_TOKEN_MFA.`);
  const SoftwareTokenMfaConfiguration = { Enabled: EnabledMfas.length > 0 };
  const input = { UserPoolId, SoftwareTokenMfaConfiguration, MfaConfiguration: MfaConfiguration ?? 'OFF' };
  await request.call('cognito-idp', 'SetUserPoolMfaConfig', input);
}

/** A schema grows; what is in it stays as it is. */
async function addAttributes({ properties, call }: ResourceRequest, pool: UserPoolType | undefined): Promise<void> {
  const wanted: SchemaAttributeType[] = properties['Schema'] ?? [];
  const known = (pool?.SchemaAttributes ?? []).filter(({ Name }) => Name?.startsWith('custom:'));
  const knownAs = ({ Name }: SchemaAttributeType) =>
    pool?.SchemaAttributes?.find((one) => one.Name === Name || one.Name === `custom:${Name}`);
  const isChanged = wanted.some((attribute) => {
    const there = knownAs(attribute);
    const { Name: _, ...rest } = attribute;
    return there && !isDeepStrictEqual({ ...there, ...rest }, there);
  });
  const isRemoved = known.some(({ Name }) => !wanted.some((one) => `custom:${one.Name}` === Name));
  if (isChanged || isRemoved) {
    throw new Error('Invalid request provided: Existing schema attributes cannot be modified or deleted.');
  }
  const CustomAttributes = wanted.filter((attribute) => !knownAs(attribute));
  if (CustomAttributes.length === 0) return;
  await call('cognito-idp', 'AddCustomAttributes', { UserPoolId: pool?.Id, CustomAttributes });
}

async function poolOf(request: ResourceRequest, UserPoolId: string): Promise<UserPoolType | undefined> {
  const found = await ifThere(gone, () =>
    request.call<DescribeUserPoolCommandOutput>('cognito-idp', 'DescribeUserPool', { UserPoolId }),
  );
  return found?.UserPool;
}

function pick(properties: Properties, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
}

function resultOf(pool: UserPoolType | undefined, { region }: ResourceRequest): ResourceResult {
  const { Id = '', Arn } = pool ?? {};
  const ProviderName = `cognito-idp.${region}.amazonaws.com/${Id}`;
  return {
    physicalId: Id,
    attributes: { Arn, ProviderName, ProviderURL: `https://${ProviderName}`, UserPoolId: Id },
  };
}
