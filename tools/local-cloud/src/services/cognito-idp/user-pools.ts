import type {
  AddCustomAttributesCommandInput,
  AddCustomAttributesCommandOutput,
  CreateUserPoolCommandInput,
  CreateUserPoolCommandOutput,
  DeleteUserPoolCommandInput,
  DeleteUserPoolCommandOutput,
  DescribeUserPoolCommandInput,
  DescribeUserPoolCommandOutput,
  ListUserPoolsCommandInput,
  ListUserPoolsCommandOutput,
  UpdateUserPoolCommandInput,
  UpdateUserPoolCommandOutput,
  UserPoolMfaType,
  UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomText } from '../../cloudformation/physical-name.ts';
import { between, lengthBetween, matches, oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { invalidParameter, validate } from './errors.ts';
import { page } from './paging.ts';
import { checkedSettings } from './pool-settings.ts';
import { onPool, poolArn, poolOf } from './references.ts';
import { addCustom, newSchema } from './schema.ts';
import { poolsOf, type UserPool } from './state.ts';

export const createUserPool = operation<CreateUserPoolCommandInput, CreateUserPoolCommandOutput>({
  demands: () => [{ action: 'cognito-idp:CreateUserPool', resource: '*' }],
  run(input, call) {
    const { PoolName = '', UsernameAttributes, AliasAttributes, UsernameConfiguration } = input;
    checkName(PoolName);
    for (const name of UsernameAttributes ?? []) validate(oneOf('usernameAttributes', name, ['phone_number', 'email']));
    if (UsernameAttributes?.length && AliasAttributes?.length) {
      throw invalidParameter('Only one of aliasAttributes or usernameAttributes can be set in a user pool.');
    }
    const settings = checkedSettings(input);
    checkMfa(input.MfaConfiguration, false);
    const schema = newSchema(input.Schema);
    const id = `${call.region}_${randomText(9)}`;
    const now = new Date(call.cloud.clock.now());
    const pool: UserPool = {
      id,
      arn: poolArn(call, id),
      account: call.account,
      region: call.region,
      name: PoolName,
      created: now,
      modified: now,
      settings: {
        ...settings,
        ...(UsernameAttributes?.length && { UsernameAttributes }),
        ...(AliasAttributes?.length && { AliasAttributes }),
        ...(UsernameConfiguration && { UsernameConfiguration }),
      },
      schema,
      mfa: input.MfaConfiguration ?? 'OFF',
      softwareTokenMfa: false,
      tags: { ...input.UserPoolTags },
      clients: new Map(),
      users: new Map(),
      groups: new Map(),
      resourceServers: new Map(),
      domain: undefined,
      certificate: undefined,
      keys: undefined,
      sessions: new Map(),
      authorizationCodes: new Map(),
      browserSessions: new Map(),
      grants: new Map(),
      refreshTokens: new Map(),
    };
    poolsOf(call.cloud, call.account, call.region).set(id, pool);
    return { UserPool: described(pool) };
  },
});

export const describeUserPool = operation<DescribeUserPoolCommandInput, DescribeUserPoolCommandOutput>({
  demands: onPool('DescribeUserPool'),
  run: (input, call) => ({ UserPool: described(poolOf(input, call)) }),
});

export const updateUserPool = operation<UpdateUserPoolCommandInput, UpdateUserPoolCommandOutput>({
  demands: onPool('UpdateUserPool'),
  run(input, call) {
    const pool = poolOf(input, call);
    if (input.PoolName !== undefined) checkName(input.PoolName);
    const settings = checkedSettings(input);
    checkMfa(input.MfaConfiguration, pool.softwareTokenMfa);
    const { UsernameAttributes, AliasAttributes, UsernameConfiguration } = pool.settings;
    pool.settings = {
      ...settings,
      ...(UsernameAttributes && { UsernameAttributes }),
      ...(AliasAttributes && { AliasAttributes }),
      ...(UsernameConfiguration && { UsernameConfiguration }),
    };
    pool.mfa = input.MfaConfiguration ?? 'OFF';
    pool.name = input.PoolName ?? pool.name;
    if (input.UserPoolTags) pool.tags = { ...input.UserPoolTags };
    pool.modified = new Date(call.cloud.clock.now());
    return {};
  },
});

export const deleteUserPool = operation<DeleteUserPoolCommandInput, DeleteUserPoolCommandOutput>({
  demands: onPool('DeleteUserPool'),
  run(input, call) {
    const pool = poolOf(input, call);
    if (pool.settings.DeletionProtection === 'ACTIVE') {
      throw invalidParameter(
        'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
      );
    }
    if (pool.domain !== undefined) {
      throw invalidParameter('User pool cannot be deleted. It has a domain configured that should be deleted first.');
    }
    poolsOf(call.cloud, call.account, call.region).delete(pool.id);
    return {};
  },
});

export const listUserPools = operation<ListUserPoolsCommandInput, ListUserPoolsCommandOutput>({
  demands: () => [{ action: 'cognito-idp:ListUserPools', resource: '*' }],
  run({ MaxResults, NextToken }, call) {
    validate(between('maxResults', MaxResults, 1, 60));
    const pools = [...poolsOf(call.cloud, call.account, call.region).values()];
    const { items, next } = page(pools, ({ id }) => id, MaxResults ?? 60, NextToken);
    return {
      UserPools: items.map((pool) => ({
        Id: pool.id,
        Name: pool.name,
        LambdaConfig: pool.settings.LambdaConfig,
        LastModifiedDate: pool.modified,
        CreationDate: pool.created,
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

export const addCustomAttributes = operation<AddCustomAttributesCommandInput, AddCustomAttributesCommandOutput>({
  demands: onPool('AddCustomAttributes'),
  run(input, call) {
    const pool = poolOf(input, call);
    const enlarged = new Map(pool.schema);
    for (const attribute of input.CustomAttributes ?? []) addCustom(enlarged, attribute);
    for (const [name, attribute] of enlarged) pool.schema.set(name, attribute);
    return {};
  },
});

function checkName(name: string): void {
  validate(lengthBetween('poolName', name, 1, 128), matches('poolName', name, '[\\w\\s+=,.@-]+'));
}

/** Authenticator apps are switched on with SetUserPoolMfaConfig; without them a second factor would be a message. */
function checkMfa(mfa: UserPoolMfaType | undefined, softwareToken: boolean): void {
  if (mfa === undefined || mfa === 'OFF' || softwareToken) return;
  throw invalidParameter(
    'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
  );
}

/** A pool as DescribeUserPool answers it. */
export function described(pool: UserPool): UserPoolType {
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: pool.arn,
    ...pool.settings,
    MfaConfiguration: pool.mfa,
    SchemaAttributes: [...pool.schema.values()],
    UserPoolTags: pool.tags,
    CreationDate: pool.created,
    LastModifiedDate: pool.modified,
    EstimatedNumberOfUsers: pool.users.size,
    ...(pool.domain !== undefined && { Domain: pool.domain }),
  };
}
