import type {
  CreateUserPoolDomainCommandInput,
  CreateUserPoolDomainCommandOutput,
  DeleteUserPoolDomainCommandInput,
  DeleteUserPoolDomainCommandOutput,
  DescribeUserPoolDomainCommandInput,
  DescribeUserPoolDomainCommandOutput,
  UpdateUserPoolDomainCommandInput,
  UpdateUserPoolDomainCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { lengthBetween, matches } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import type { Cloud } from '../../service.ts';
import { operation } from '../../service.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import { onPool, poolOf } from './references.ts';
import { allPools, type UserPool } from './state.ts';

/** A prefix domain, `<prefix>.auth.<region>.amazoncognito.com` on AWS: one a pool, nobody else's in the region. */
export const createUserPoolDomain = operation<CreateUserPoolDomainCommandInput, CreateUserPoolDomainCommandOutput>({
  demands: onPool('CreateUserPoolDomain'),
  run(input, call) {
    const pool = poolOf(input, call);
    const { Domain = '' } = input;
    validate(
      lengthBetween('domain', Domain, 1, 63),
      matches('domain', Domain, '[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?'),
    );
    if (input.CustomDomainConfig || input.Routing) throw unsupported('custom domains');
    if (/aws|amazon|cognito/.test(Domain))
      throw invalidParameter('Domain cannot contain reserved word: cognito, aws or amazon');
    if (pool.domain !== undefined) throw invalidParameter('User pool already has a domain configured.');
    if (findDomain(call.cloud, Domain, call.region)) {
      throw invalidParameter('Domain already associated with another user pool.');
    }
    pool.domain = Domain;
    return {};
  },
});

/** Who does not exist is described as nothing: it is no error. */
export const describeUserPoolDomain = operation<
  DescribeUserPoolDomainCommandInput,
  DescribeUserPoolDomainCommandOutput
>({
  demands: () => [{ action: 'cognito-idp:DescribeUserPoolDomain', resource: '*' }],
  run({ Domain = '' }, call) {
    const pool = findDomain(call.cloud, Domain, call.region);
    if (!pool || pool.account !== call.account) return { DomainDescription: {} };
    return {
      DomainDescription: {
        UserPoolId: pool.id,
        AWSAccountId: pool.account,
        Domain,
        Status: 'ACTIVE',
        ManagedLoginVersion: 1,
      },
    };
  },
});

export const updateUserPoolDomain = operation<UpdateUserPoolDomainCommandInput, UpdateUserPoolDomainCommandOutput>({
  demands: onPool('UpdateUserPoolDomain'),
  run(input, call) {
    ownDomain(poolOf(input, call), input.Domain);
    if (input.CustomDomainConfig || input.Routing) throw unsupported('custom domains');
    return { ManagedLoginVersion: input.ManagedLoginVersion ?? 1 };
  },
});

export const deleteUserPoolDomain = operation<DeleteUserPoolDomainCommandInput, DeleteUserPoolDomainCommandOutput>({
  demands: onPool('DeleteUserPoolDomain'),
  run(input, call) {
    const pool = poolOf(input, call);
    ownDomain(pool, input.Domain);
    pool.domain = undefined;
    return {};
  },
});

function ownDomain(pool: UserPool, domain: string | undefined): void {
  if (pool.domain === domain) return;
  throw new AwsError('InvalidParameterException', 'No such domain or user pool exists.');
}

/** The pool behind a prefix domain; without a region, in any. */
export function findDomain(cloud: Cloud, domain: string, region?: string): UserPool | undefined {
  return [...allPools(cloud)].find(
    (pool) => pool.domain === domain && (region === undefined || pool.region === region),
  );
}
