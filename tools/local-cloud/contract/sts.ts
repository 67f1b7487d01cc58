import { DeleteRoleCommand, GetRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { sts as service } from '../src/services/sts/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';
import { document, roleFor } from './role.ts';

const reference = (operation: string) => `STS API Reference, ${operation}`;
const allow = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });

/** A role that its own account may take, allowed to read IAM. */
async function readerRole(target: Target) {
  const own = { AWS: `arn:aws:iam::${target.account}:root` };
  const { RoleName, RoleArn } = await roleFor(target, own, allow('iam:GetRole', 'iam:ListRoles'));
  const sts = target.client(STSClient);
  const assume = (more: Partial<AssumeRoleCommandInput> = {}) =>
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'contract', ...more }));
  const session = async (more: Partial<AssumeRoleCommandInput> = {}) => {
    const { Credentials } = await target.until(() => assume(more));
    return {
      accessKeyId: Credentials?.AccessKeyId as string,
      secretAccessKey: Credentials?.SecretAccessKey as string,
      sessionToken: Credentials?.SessionToken as string,
    };
  };
  return { RoleName, assume, session };
}

export const sts: Contract = {
  service,
  claims: [
    {
      operation: 'GetCallerIdentity',
      claim: 'names the session of a role',
      source: reference('GetCallerIdentity'),
      async run(target) {
        const { RoleName, session } = await readerRole(target);
        const mine = target.client(STSClient, { credentials: await session() });
        const { Arn, UserId } = await mine.send(new GetCallerIdentityCommand({}));
        expect(Arn).toBe(`arn:aws:sts::${target.account}:assumed-role/${RoleName}/contract`);
        expect(UserId).toMatch(/^AROA[A-Z0-9]+:contract$/);
      },
    },
    {
      operation: 'GetCallerIdentity',
      claim: 'refuses a key nobody has',
      source: 'IAM User Guide, Troubleshoot signed requests',
      async run(target) {
        const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not a key of anybody' };
        const call = target.client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}));
        expect((await refusal(call)).name).toBe('InvalidClientTokenId');
      },
    },
    {
      operation: 'AssumeRole',
      claim: "gives what the role's policies allow, and no more",
      source: 'IAM User Guide, Policy evaluation logic',
      async run(target) {
        const { RoleName, session } = await readerRole(target);
        const iam = target.client(IAMClient, { credentials: await session() });
        const { Role } = await target.until(() => iam.send(new GetRoleCommand({ RoleName })));
        expect(Role?.RoleName).toBe(RoleName);
        const denied = await refusal(iam.send(new DeleteRoleCommand({ RoleName })));
        expect(denied.name).toBe('AccessDenied');
        const who = `arn:aws:sts::${target.account}:assumed-role/${RoleName}/contract`;
        expect(denied.message).toContain(`User: ${who} is not authorized to perform: iam:DeleteRole on resource: `);
        expect(denied.message).toContain('because no identity-based policy allows the iam:DeleteRole action');
      },
    },
    {
      operation: 'AssumeRole',
      claim: 'is narrowed by a session policy',
      source: reference('AssumeRole'),
      async run(target) {
        const { RoleName, session } = await readerRole(target);
        const Policy = document(allow('iam:GetRole'));
        const iam = target.client(IAMClient, { credentials: await session({ Policy }) });
        await target.until(() => iam.send(new GetRoleCommand({ RoleName })));
        const denied = await refusal(iam.send(new ListRolesCommand({})));
        expect(denied.message).toContain('because no session policy allows the iam:ListRoles action');
      },
    },
    {
      operation: 'AssumeRole',
      claim: 'refuses tags that the trust policy does not let in',
      source: 'IAM User Guide, Pass session tags in AWS STS',
      async run(target) {
        const { assume, session } = await readerRole(target);
        await session();
        const denied = await refusal(assume({ Tags: [{ Key: 'team', Value: 'red' }] }));
        expect(denied.name).toBe('AccessDenied');
        expect(denied.message).toContain('is not authorized to perform: sts:TagSession on resource: ');
      },
    },
    {
      operation: 'AssumeRoleWithWebIdentity',
      claim: 'refuses a token whose issuer is no identity provider of the account',
      source: reference('AssumeRoleWithWebIdentity'),
      async run(target) {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const claims = { iss: 'https://idp.example', sub: 'me', aud: 'you', iat: 1, exp: 4_000_000_000 };
        const WebIdentityToken = [part({ alg: 'RS256', kid: 'one' }), part(claims), 'c2lnbmF0dXJl'].join('.');
        const RoleArn = `arn:aws:iam::${target.account}:role/${target.name()}`;
        const input = { RoleArn, RoleSessionName: 'contract', WebIdentityToken };
        const denied = await refusal(target.client(STSClient).send(new AssumeRoleWithWebIdentityCommand(input)));
        expect(denied.message).toContain('No OpenIDConnect provider found in your account for https://idp.example');
      },
    },
    {
      operation: 'AssumeRole',
      claim: "refuses more than the role's longest session",
      limit: '1 hour unless the role allows more',
      source: reference('AssumeRole'),
      async run(target) {
        const { assume, session } = await readerRole(target);
        await session();
        expect((await refusal(assume({ DurationSeconds: 3601 }))).name).toBe('ValidationError');
      },
    },
    {
      operation: 'AssumeRole',
      claim: 'refuses a session shorter than 15 minutes',
      limit: '15 minutes at least',
      source: reference('AssumeRole'),
      async run(target) {
        const { assume, session } = await readerRole(target);
        await session();
        expect((await refusal(assume({ DurationSeconds: 899 }))).name).toBe('ValidationError');
      },
    },
    {
      operation: 'GetSessionToken',
      claim: 'can not be called by a session of a role',
      source: reference('GetSessionToken'),
      async run(target) {
        const { session } = await readerRole(target);
        const mine = target.client(STSClient, { credentials: await session() });
        expect((await refusal(mine.send(new GetSessionTokenCommand({})))).name).toBe('AccessDenied');
      },
    },
  ],
};
