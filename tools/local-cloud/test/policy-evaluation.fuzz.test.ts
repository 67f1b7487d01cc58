import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ApplicablePolicies, evaluate } from '../src/iam/evaluate.ts';
import { matches } from '../src/iam/pattern.ts';
import type { PolicyDocument, PolicyStatement } from '../src/iam/policy-document.ts';
import type { Caller } from '../src/service.ts';

const [home, elsewhere] = ['111111111111', '222222222222'];
const callers: Caller[] = [
  { account: home, type: 'user', arn: `arn:aws:iam::${home}:user/ana`, userId: 'AIDAANA' },
  {
    account: home,
    type: 'role',
    arn: `arn:aws:sts::${home}:assumed-role/Writer/s1`,
    userId: 'AROAWRITER:s1',
    roleArn: `arn:aws:iam::${home}:role/Writer`,
  },
  { account: home, type: 'root', arn: `arn:aws:iam::${home}:root`, userId: home },
  { account: home, type: 'service', arn: 'sns.amazonaws.com', userId: 'sns.amazonaws.com' },
];
const principals: PolicyStatement['Principal'][] = [
  '*',
  { AWS: home },
  ...callers.map((caller): PolicyStatement['Principal'] =>
    caller.type === 'service' ? { Service: caller.arn } : { AWS: caller.roleArn ?? caller.arn },
  ),
];

const statement = (effects: ('Allow' | 'Deny')[]): fc.Arbitrary<PolicyStatement> =>
  fc.record({
    Effect: fc.constantFrom(...effects),
    Principal: fc.constantFrom(...principals),
    Action: fc.constantFrom('*', 'sqs:*', 'sqs:SendMessage', 'sns:Publish'),
    Resource: fc.constantFrom('*', 'arn:aws:sqs:*:*:a*', 'arn:aws:sqs:us-east-1:222222222222:b'),
    Condition: fc.constantFrom<PolicyStatement['Condition']>(
      undefined,
      { Bool: { 'aws:SecureTransport': 'true' } },
      { Unknown: { 'a:b': 'c' } },
    ),
  });
const document = (statements: fc.Arbitrary<PolicyStatement[]>) =>
  statements.map((Statement): PolicyDocument => ({ Version: '2012-10-17', Statement }));
const anyDocument = document(fc.array(statement(['Allow', 'Deny']), { maxLength: 3 }));

const policies = fc.record<ApplicablePolicies>({
  identity: fc.array(anyDocument, { maxLength: 3 }),
  boundary: fc.option(anyDocument, { nil: undefined }),
  session: fc.option(fc.array(anyDocument, { maxLength: 2 }), { nil: undefined }),
  resource: fc.option(anyDocument, { nil: undefined }),
});
const requests = fc.record({
  caller: fc.constantFrom(...callers),
  action: fc.constantFrom('sqs:SendMessage', 'sns:Publish'),
  resource: fc.constantFrom('arn:aws:sqs:us-east-1:111111111111:a1', 'arn:aws:sqs:us-east-1:222222222222:b'),
  resourceAccount: fc.constantFrom(home, elsewhere),
  context: fc
    .constantFrom<string[]>([], ['true'], ['false'])
    .map((values) => new Map([['aws:securetransport', values]])),
  needsResourcePolicy: fc.boolean(),
});
const places = ['identity', 'boundary', 'session', 'resource'] as const;

function added(
  to: ApplicablePolicies,
  place: (typeof places)[number],
  statements: PolicyStatement[],
): ApplicablePolicies {
  const extended = (one: PolicyDocument | undefined): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: [...((one?.Statement ?? []) as PolicyStatement[]), ...statements],
  });
  if (place === 'identity' || place === 'session')
    return { ...to, [place]: [...(to[place] ?? []), extended(undefined)] };
  return { ...to, [place]: extended(to[place]) };
}

test('an explicit deny wins wherever it stands', () => {
  fc.assert(
    fc.property(policies, requests, fc.constantFrom(...places), (given, request, place) => {
      const deny: PolicyStatement = { Effect: 'Deny', Principal: '*', Action: request.action, Resource: '*' };
      expect(evaluate(added(given, place, [deny]), request)).toMatchObject({ allowed: false, explicit: true });
    }),
  );
});

test('one more Allow takes nothing away', () => {
  fc.assert(
    fc.property(
      policies,
      requests,
      fc.constantFrom(...places),
      statement(['Allow']),
      (given, request, place, allow) => {
        // The first boundary or session policy is a new limit, not one more Allow.
        fc.pre(given[place] !== undefined || place === 'resource');
        const before = evaluate(given, request);
        const after = evaluate(added(given, place, [allow]), request);
        expect(after.allowed || !before.allowed).toBe(true);
      },
    ),
  );
});

test('one more Deny gives nothing', () => {
  fc.assert(
    fc.property(policies, requests, fc.constantFrom(...places), statement(['Deny']), (given, request, place, deny) => {
      const before = evaluate(given, request);
      const after = evaluate(added(given, place, [deny]), request);
      expect(before.allowed || !after.allowed).toBe(true);
    }),
  );
});

test('the order of policies and statements does not matter', () => {
  const reversed = (one: PolicyDocument): PolicyDocument => ({
    ...one,
    Statement: [...(one.Statement as PolicyStatement[])].reverse(),
  });
  fc.assert(
    fc.property(policies, requests, (given, request) => {
      const other: ApplicablePolicies = {
        identity: given.identity.map(reversed).reverse(),
        boundary: given.boundary && reversed(given.boundary),
        session: given.session?.map(reversed).reverse(),
        resource: given.resource && reversed(given.resource),
      };
      expect(evaluate(other, request)).toEqual(evaluate(given, request));
    }),
  );
});

test('boundary and session policies leave what they allow of what the identity allows', () => {
  const own = requests.filter(({ caller }) => caller.type === 'user' || caller.type === 'role');
  fc.assert(
    fc.property(policies, own, ({ identity, boundary, session }, request) => {
      const alone = (documents: readonly PolicyDocument[]) => {
        const within = { ...request, resourceAccount: request.caller.account, needsResourcePolicy: false };
        return evaluate({ identity: documents }, within).allowed;
      };
      const together = evaluate(
        { identity, boundary, session },
        { ...request, resourceAccount: request.caller.account, needsResourcePolicy: false },
      );
      const expected = alone(identity) && (!boundary || alone([boundary])) && (!session || alone(session));
      expect(together.allowed).toBe(expected);
    }),
  );
});

test('across accounts neither side is enough', () => {
  const away = requests.filter(({ caller, resourceAccount }) => {
    return (caller.type === 'user' || caller.type === 'role') && caller.account !== resourceAccount;
  });
  fc.assert(
    fc.property(policies, away, (given, request) => {
      expect(evaluate({ ...given, resource: undefined }, request).allowed).toBe(false);
      expect(evaluate({ ...given, identity: [] }, request).allowed).toBe(false);
    }),
  );
});

test('wildcards match as the regular expression they stand for', () => {
  const text = fc.array(fc.constantFrom('a', 'b', ':', '/'), { maxLength: 8 }).map((chars) => chars.join(''));
  const pattern = fc.array(fc.constantFrom('a', 'b', ':', '*', '?'), { maxLength: 8 }).map((chars) => chars.join(''));
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      const expression = new RegExp(`^${one.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matches(one, other)).toBe(expression.test(other));
    }),
    { numRuns: 500 },
  );
});
