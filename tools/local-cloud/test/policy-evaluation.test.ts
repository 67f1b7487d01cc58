import { describe, expect, test } from 'vitest';
import { type ApplicablePolicies, type Decision, evaluate } from '../src/iam/evaluate.ts';
import type { PolicyDocument, PolicyStatement } from '../src/iam/policy-document.ts';
import type { Caller } from '../src/service.ts';

const account = '111111111111';
const user: Caller = { account, type: 'user', arn: `arn:aws:iam::${account}:user/ana`, userId: 'AIDAANA' };
const root: Caller = { account, type: 'root', arn: `arn:aws:iam::${account}:root`, userId: account };
const session: Caller = {
  account,
  type: 'role',
  arn: `arn:aws:sts::${account}:assumed-role/Writer/s1`,
  userId: 'AROAWRITER:s1',
  roleArn: `arn:aws:iam::${account}:role/Writer`,
};
const lambda: Caller = { account, type: 'service', arn: 'lambda.amazonaws.com', userId: 'lambda.amazonaws.com' };
const stream = `arn:aws:kinesis:us-east-1:${account}:stream/logs`;

/** A policy variable. */
const variable = (name: string) => `\${${name}}`;

function policy(...statements: Partial<PolicyStatement>[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.map((one) => ({ Effect: 'Allow', Action: 'kinesis:*', Resource: '*', ...one })),
  };
}

function decide(
  policies: Partial<ApplicablePolicies>,
  caller: Caller = user,
  context: Record<string, string | string[]> = {},
  resource = stream,
  resourceAccount = account,
): Decision {
  return evaluate(
    { identity: [], ...policies },
    {
      caller,
      action: 'kinesis:PutRecord',
      resource,
      resourceAccount,
      context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
    },
  );
}

const deniedBy = (by: string, explicit = false) => ({ allowed: false, explicit, by });

describe('within an account', () => {
  test('nothing is allowed by itself, except to root', () => {
    expect(decide({})).toEqual(deniedBy('identity-based policy'));
    expect(decide({}, root)).toEqual({ allowed: true });
  });

  test('the identity or the resource may allow', () => {
    expect(decide({ identity: [policy({})] }).allowed).toBe(true);
    expect(decide({ resource: policy({ Principal: { AWS: user.arn } }) }).allowed).toBe(true);
  });

  test('a resource that trusts the account leaves the decision to the identity', () => {
    const resource = policy({ Principal: { AWS: account } });
    expect(decide({ resource })).toEqual(deniedBy('identity-based policy'));
    expect(decide({ resource, identity: [policy({})] }).allowed).toBe(true);
  });

  test.each(['identity', 'resource', 'boundary', 'session'] as const)('a deny in the %s policy wins', (place) => {
    const deny = policy({ Effect: 'Deny', ...(place === 'resource' ? { Principal: '*' } : {}) });
    const policies = {
      identity: [policy({}), ...(place === 'identity' ? [deny] : [])],
      boundary: place === 'boundary' ? deny : policy({}),
      session: [policy({}), ...(place === 'session' ? [deny] : [])],
      resource: place === 'resource' ? deny : policy({ Principal: '*' }),
    };
    const names = {
      identity: 'identity-based policy',
      resource: 'resource-based policy',
      boundary: 'permissions boundary',
      session: 'session policy',
    };
    expect(decide(policies, session)).toEqual(deniedBy(names[place], true));
  });

  test('boundary and session policies narrow what the identity allows', () => {
    const other = policy({ Action: 's3:*' });
    expect(decide({ identity: [policy({})], boundary: other }, session)).toEqual(deniedBy('permissions boundary'));
    expect(decide({ identity: [policy({})], session: [other] }, session)).toEqual(deniedBy('session policy'));
    expect(decide({ identity: [policy({})], session: [] }, session)).toEqual(deniedBy('session policy'));
    expect(decide({ identity: [policy({})], session: undefined }, session).allowed).toBe(true);
  });

  test('what a resource grants the session itself is not narrowed, what it grants the role is', () => {
    const boundary = policy({ Action: 's3:*' });
    const toSession = policy({ Principal: { AWS: session.arn } });
    const toRole = policy({ Principal: { AWS: session.roleArn as string } });
    expect(decide({ boundary, resource: toSession }, session).allowed).toBe(true);
    expect(decide({ boundary, resource: toRole }, session)).toEqual(deniedBy('permissions boundary'));
    expect(decide({ resource: toRole }, session).allowed).toBe(true);
  });

  test('a service needs a resource policy that names it', () => {
    const named = policy({
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } },
    });
    expect(decide({ resource: named }, lambda, { 'aws:SourceArn': 'arn:aws:s3:::b' }).allowed).toBe(true);
    expect(decide({ resource: named }, lambda, { 'aws:SourceArn': 'arn:aws:sqs:us-east-1:1:q' }).allowed).toBe(false);
    expect(decide({}, lambda)).toEqual(deniedBy('resource-based policy'));
  });

  test('NotPrincipal denies everybody but the ones it names', () => {
    const resource = policy({ Effect: 'Deny', NotPrincipal: { AWS: user.arn } });
    expect(decide({ identity: [policy({})], resource }).allowed).toBe(true);
    expect(decide({ identity: [policy({})], resource }, session)).toEqual(deniedBy('resource-based policy', true));
  });
});

describe('across accounts', () => {
  const elsewhere = '222222222222';
  const theirs = `arn:aws:kinesis:us-east-1:${elsewhere}:stream/logs`;
  const decideThere = (policies: Partial<ApplicablePolicies>, caller = user) =>
    decide(policies, caller, {}, theirs, elsewhere);

  test('both sides must allow', () => {
    const resource = policy({ Principal: { AWS: user.arn } });
    expect(decideThere({ identity: [policy({})] })).toEqual(deniedBy('resource-based policy'));
    expect(decideThere({ resource })).toEqual(deniedBy('identity-based policy'));
    expect(decideThere({ identity: [policy({})], resource }).allowed).toBe(true);
    expect(decideThere({ identity: [policy({})], resource: policy({ Principal: { AWS: account } }) }).allowed).toBe(
      true,
    );
  });

  test("root is nobody's root there", () => {
    expect(decideThere({}, root)).toEqual(deniedBy('resource-based policy'));
  });
});

describe('what a statement is about', () => {
  const allows = (statement: Partial<PolicyStatement>, context = {}) =>
    decide({ identity: [policy(statement)] }, user, context).allowed;

  test.each([
    [{ Action: 'kinesis:PutRecord' }, true],
    [{ Action: 'KINESIS:putrecord' }, true],
    [{ Action: 'kinesis:Put*' }, true],
    [{ Action: 'kinesis:PutRecor?' }, true],
    [{ Action: 'kinesis:PutRecord?' }, false],
    [{ Action: ['s3:*', '*'] }, true],
    [{ Action: undefined, NotAction: 's3:*' }, true],
    [{ Action: undefined, NotAction: ['s3:*', 'kinesis:Put*'] }, false],
    [{ Resource: stream }, true],
    [{ Resource: 'arn:aws:kinesis:*:*:stream/l*' }, true],
    [{ Resource: stream.toUpperCase() }, false],
    [{ Resource: undefined, NotResource: 'arn:aws:kinesis:*:*:stream/other' }, true],
    [{ Resource: undefined, NotResource: 'arn:aws:kinesis:*' }, false],
  ])('%j applies: %s', (statement, applies) => {
    expect(allows(statement)).toBe(applies);
  });

  test('policy variables stand for values of the request, literally', () => {
    const Resource = `arn:aws:kinesis:us-east-1:${account}:stream/${variable('aws:username')}`;
    expect(allows({ Resource }, { 'aws:username': 'logs' })).toBe(true);
    expect(allows({ Resource }, { 'aws:username': '*' })).toBe(false);
    expect(allows({ Resource })).toBe(false);
    const withDefault = `arn:aws:kinesis:us-east-1:${account}:stream/${variable("aws:PrincipalTag/stream, 'logs'")}`;
    expect(allows({ Resource: withDefault })).toBe(true);
  });

  test('policies of 2008 have no variables', () => {
    const old: PolicyDocument = {
      Version: '2008-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: `arn:aws:kinesis:*:*:stream/${variable('aws:username')}` },
    };
    expect(decide({ identity: [old] }, user, { 'aws:username': 'logs' }).allowed).toBe(false);
  });
});
