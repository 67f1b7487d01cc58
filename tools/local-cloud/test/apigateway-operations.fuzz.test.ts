import * as model from '@aws-sdk/client-api-gateway';
import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  CreateRequestValidatorCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
} from '@aws-sdk/client-api-gateway';
import type { NormalizedSchema } from '@smithy/core/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelOf } from '../src/protocols/model.ts';
import { operationsOf } from '../src/service.ts';
import { apigateway } from '../src/services/apigateway/service.ts';
import { type ApiCloud, integrationUri, startApiCloud } from './apigateway-support.ts';

/** What is there, by the name of the member that names it. */
const there: Record<string, string> = {
  stageName: 'test',
  httpMethod: 'GET',
  statusCode: '200',
  modelName: 'Empty',
  responseType: 'THROTTLED',
};

let cloud: ApiCloud;
let client: APIGatewayClient;
beforeAll(async () => {
  cloud = await startApiCloud();
  client = cloud.gateway;
  const api = await cloud.api({ 'GET /': { mock: {} } });
  const { restApiId } = api;
  there['restApiId'] = restApiId;
  there['resourceId'] = there['parentId'] = api.resourceId('/');
  const authorizerUri = integrationUri('guard');
  const identitySource = 'method.request.header.Authorization';
  const authorizer = { restApiId, name: 'guard', type: 'TOKEN', authorizerUri, identitySource } as const;
  there['authorizerId'] = (await client.send(new CreateAuthorizerCommand(authorizer))).id ?? '';
  there['requestValidatorId'] = (await client.send(new CreateRequestValidatorCommand({ restApiId }))).id ?? '';
  const apiStages = [{ apiId: restApiId, stage: 'test' }];
  there['usagePlanId'] = (await client.send(new CreateUsagePlanCommand({ name: 'plan', apiStages }))).id ?? '';
  there['keyId'] = there['apiKey'] = (await client.send(new CreateApiKeyCommand({ name: 'key' }))).id ?? '';
  const planKey = { usagePlanId: there['usagePlanId'], keyId: there['keyId'], keyType: 'API_KEY' };
  await client.send(new CreateUsagePlanKeyCommand(planKey));
});
afterAll(() => cloud.close());

const text = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    '/',
    'a',
    'true',
    '-1',
    '5',
    'NaN',
    '{}',
    '[1',
    '[',
    '(',
    '{"Statement":7}',
    'application/json',
    'AWS_PROXY',
    'MOCK',
  ),
  fc.constantFrom(
    'method.request.header.a',
    "'text'",
    '$input.json(',
    'arn:aws:iam::000000000000:role/a',
    'DAY',
    'HEADER',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
/** Paths that some resource's patch operations take, and what is like them. */
const path = fc.oneof(
  fc.constantFrom(
    '/name',
    '/description',
    '/policy',
    '/variables/a',
    '/deploymentId',
    '/quota/limit',
    '/quota',
    '/throttle',
    '/remaining',
  ),
  fc.constantFrom(
    '/*/*/throttling/rateLimit',
    '/~1/GET/logging/loglevel',
    '/*/*',
    '/apiStages',
    '/binaryMediaTypes/a~1b',
    '/enabled',
  ),
  fc.constantFrom(
    '/identityValidationExpression',
    '/providerARNs',
    '/schema',
    '/responseTemplates/a',
    '/pathPart',
    '/uri',
    '/timeoutInMillis',
  ),
  fc.constantFrom(
    '',
    '/',
    '//',
    '/accessLogSettings/format',
    '/minimumCompressionSize',
    '/apiKeyRequired',
    '/requestParameters/a',
  ),
  text,
);
const op = fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test');
const patchOperations = fc.array(fc.record({ op, path, value: text, from: path }, { requiredKeys: ['op', 'path'] }), {
  maxLength: 3,
});

function inputOf(schema: NormalizedSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.isStructSchema()) {
    const members: Record<string, fc.Arbitrary<unknown>> = {};
    const needed: string[] = [];
    for (const [name, member] of depth < 4 ? schema.structIterator() : []) {
      const known = there[name];
      if (known !== undefined) needed.push(name);
      members[name] =
        name === 'patchOperations'
          ? patchOperations
          : known === undefined
            ? inputOf(member, depth + 1)
            : fc.constant(known);
    }
    return fc.record(members, { requiredKeys: needed });
  }
  if (schema.isListSchema()) return fc.array(inputOf(schema.getValueSchema(), depth + 1), { maxLength: 3 });
  if (schema.isMapSchema()) return fc.dictionary(text, inputOf(schema.getValueSchema(), depth + 1), { maxKeys: 3 });
  if (schema.isBlobSchema()) return fc.uint8Array({ maxLength: 20 });
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema()) return fc.constantFrom(-1, 0, 1, 20, 1000, 2 ** 31 - 1);
  return text;
}

type Command = new (input: unknown) => never;

test('whatever is done to an API that is there, it is answered as AWS would, and the API goes on', async () => {
  const { operations } = await modelOf(apigateway);
  const names = Object.keys(await operationsOf(apigateway)).filter((name) => !name.startsWith('Delete'));
  for (const name of names) {
    const Send = (model as unknown as Record<string, Command>)[`${name}Command`] as Command;
    const { input } = operations.get(name) as { input: NormalizedSchema };
    await fc.assert(
      fc.asyncProperty(inputOf(input), async (given) => {
        const error = await client.send(new Send(given)).then(
          () => undefined,
          (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
        );
        const inside = error?.$metadata?.httpStatusCode === 500 || error?.name === 'InternalFailure';
        expect(inside ? `${name}: ${error?.message} ${cloud.lines.at(-1)}` : '').toBe('');
      }),
      { numRuns: 15 },
    );
  }
  const response = await fetch(`${cloud.endpoint}/execute-api/${there['restApiId']}/test/`);
  expect(response.headers.get('x-amzn-requestid')).toBeTruthy();
  // Whatever was set, a request is answered.
  expect([200, 403, 415, 429, 500]).toContain(response.status);
}, 120_000);
