import {
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateStageCommand,
  GetRestApiCommand,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
  PutMethodResponseCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { deployedApi, guide, hostOf, replace, restApi } from './apigateway-support.ts';
import type { Claim, Target } from './contract.ts';
import { deployed, zip } from './lambda-support.ts';
import { roleFor } from './role.ts';

/** A function that the gateway may call; the integration's URI for it. */
export async function gatewayFunction(target: Target, handler: string): Promise<string> {
  const code = zip({ 'index.mjs': `export const handler = ${handler};` });
  const { lambda, FunctionName } = await deployed(target, { Code: { ZipFile: code } });
  const Principal = 'apigateway.amazonaws.com';
  const permission = { FunctionName, Principal, StatementId: 'gateway', Action: 'lambda:InvokeFunction' };
  await lambda.send(new AddPermissionCommand(permission));
  const arn = `arn:aws:lambda:${target.region}:${target.account}:function:${FunctionName}`;
  return `arn:aws:apigateway:${target.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

/** An API whose root answers POST by this integration, with the statuses that its responses name, deployed to the stage `test`. */
async function postTo(
  target: Target,
  integration: Partial<PutIntegrationCommandInput>,
  {
    responses = {},
    settings = {},
  }: {
    readonly responses?: Readonly<Record<string, { selectionPattern?: string; template: string }>>;
    readonly settings?: Partial<PutMethodCommandInput>;
  } = {},
) {
  const api = await restApi(target);
  const { gateway, restApiId, resourceId } = api;
  const method = { restApiId, resourceId, httpMethod: 'POST' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE', ...settings }));
  const input = { ...method, type: 'AWS_PROXY' as const, integrationHttpMethod: 'POST', ...integration };
  await gateway.send(new PutIntegrationCommand(input));
  for (const [statusCode, { selectionPattern, template }] of Object.entries(responses)) {
    const responseTemplates = { 'application/json': template };
    await gateway.send(new PutMethodResponseCommand({ ...method, statusCode }));
    const response = { ...method, statusCode, selectionPattern, responseTemplates };
    await gateway.send(new PutIntegrationResponseCommand(response));
  }
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  const url = `${await hostOf(target, api)}/test/`;
  return async (body: object, query = '') => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${url}${query}`, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

/** What APIs do with requests. */
export const requestClaims: readonly Claim[] = [
  {
    operation: 'PutIntegration',
    claim: 'hands a function the whole request, and answers with the status, headers and body it returns',
    source: guide('Lambda proxy integrations in API Gateway'),
    async run(target) {
      const uri = await gatewayFunction(
        target,
        `async ({ httpMethod, queryStringParameters, body, requestContext: { stage } }) =>
          ({ statusCode: 201, headers: { 'x-stage': stage }, body: JSON.stringify({ httpMethod, queryStringParameters, body }) })`,
      );
      const post = await postTo(target, { uri });
      const answer = await target.until(async () => {
        const given = await post({ name: 'tea' }, '?size=xl');
        expect(given.status).toBe(201);
        return given;
      });
      expect(answer.headers.get('x-stage')).toBe('test');
      expect(answer.body).toEqual({
        httpMethod: 'POST',
        queryStringParameters: { size: 'xl' },
        body: '{"name":"tea"}',
      });
    },
  },
  {
    operation: 'PutIntegration',
    claim: 'answers 502 when a function returns what is no answer',
    source: guide('Lambda proxy integrations in API Gateway'),
    async run(target) {
      const post = await postTo(target, { uri: await gatewayFunction(target, "async () => 'tea'") });
      await target.until(async () => {
        expect(await post({})).toMatchObject({ status: 502, body: { message: 'Internal server error' } });
      });
    },
  },
  {
    operation: 'PutIntegration',
    claim: 'asks a service of AWS by a role, request and answer written by templates',
    source: guide('Data transformations for REST APIs in API Gateway'),
    async run(target) {
      const statement = { Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' };
      const { RoleArn } = await roleFor(target, { Service: 'apigateway.amazonaws.com' }, statement);
      const integration = {
        type: 'AWS' as const,
        uri: `arn:aws:apigateway:${target.region}:dynamodb:action/ListTables`,
        credentials: RoleArn,
        requestTemplates: { 'application/json': `{"Limit": $input.path('$.most')}` },
      };
      const template = `{"tables": #if($input.path('$.TableNames').size() <= 1)"one at most"#else"more"#end, "asked": "$context.httpMethod"}`;
      const post = await postTo(target, integration, { responses: { 200: { template } } });
      await target.until(async () => {
        expect(await post({ most: 1 })).toMatchObject({
          status: 200,
          body: { tables: 'one at most', asked: 'POST' },
        });
      });
    },
  },
  {
    operation: 'PutIntegrationResponse',
    claim: 'is chosen by the pattern that a function’s error matches',
    source: guide('Handle Lambda errors in API Gateway'),
    async run(target) {
      const uri = await gatewayFunction(
        target,
        `async ({ name }) => { if (!name) throw new Error('Missing: name'); return name; }`,
      );
      const responses = {
        200: { template: `{"name": $input.json('$')}` },
        422: { selectionPattern: 'Missing:.*', template: `{"title": $input.json('$.errorMessage')}` },
      };
      const post = await postTo(target, { type: 'AWS', uri }, { responses });
      await target.until(async () => {
        expect(await post({ name: 'tea' })).toMatchObject({ status: 200, body: { name: 'tea' } });
      });
      expect(await post({})).toMatchObject({ status: 422, body: { title: 'Missing: name' } });
    },
  },
  {
    operation: 'CreateModel',
    beside: ['CreateRequestValidator'],
    claim: 'lets a method demand bodies of its shape: others are answered 400',
    source: guide('Request validation for REST APIs in API Gateway'),
    async run(target) {
      const { gateway, restApiId, resourceId, get: _, ...api } = await deployedApi(target);
      const schema = JSON.stringify({ type: 'object', required: ['name'], properties: { name: { type: 'string' } } });
      const model = { restApiId, name: 'Product', contentType: 'application/json', schema };
      await gateway.send(new CreateModelCommand(model));
      const { id: requestValidatorId } = await gateway.send(
        new CreateRequestValidatorCommand({ restApiId, name: 'body', validateRequestBody: true }),
      );
      const method = { restApiId, resourceId, httpMethod: 'POST' };
      const requestModels = { 'application/json': 'Product' };
      await gateway.send(
        new PutMethodCommand({ ...method, authorizationType: 'NONE', requestModels, requestValidatorId }),
      );
      const requestTemplates = { 'application/json': '{"statusCode": 200}' };
      await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
      await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
      await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200' }));
      await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      const url = `${await hostOf(target, { gateway, restApiId, ...api })}/test/`;
      const post = (body: string) =>
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      await target.until(async () => expect((await post('{"name":"tea"}')).status).toBe(200));
      const refused = await post('{"name":7}');
      expect([refused.status, await refused.json()]).toEqual([400, { message: 'Invalid request body' }]);
    },
  },
  {
    operation: 'UpdateStage',
    beside: ['CreateStage'],
    claim: 'gives a stage variables, which templates see',
    source: guide('Use stage variables for a REST API in API Gateway'),
    async run(target) {
      const { gateway, restApiId, method, get } = await deployedApi(target);
      const responseTemplates = { 'application/json': '{"shop":"$stageVariables.shop"}' };
      await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200', responseTemplates }));
      const { id: deploymentId = '' } = await gateway.send(new CreateDeploymentCommand({ restApiId }));
      const api = { restApiId, deploymentId };
      await gateway.send(new CreateStageCommand({ ...api, stageName: 'other', variables: { shop: 'Nine' } }));
      const patchOperations = [...replace('/deploymentId', deploymentId), ...replace('/variables/shop', 'Seven')];
      await gateway.send(new UpdateStageCommand({ restApiId, stageName: 'test', patchOperations }));
      await target.until(async () => expect((await get()).body).toEqual({ shop: 'Seven' }));
      const other = await fetch(`${await hostOf(target, { gateway, restApiId })}/other/`);
      expect(await other.json()).toEqual({ shop: 'Nine' });
    },
  },
  {
    operation: 'UpdateRestApi',
    beside: ['GetRestApi'],
    claim: 'takes a resource policy: whom it denies, by address, is forbidden after the next deployment',
    source: guide('Control access to a REST API with API Gateway resource policies'),
    async run(target) {
      const { gateway, restApiId, get } = await deployedApi(target);
      const everything = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
      // Addresses of documentation, nobody's.
      const Condition = { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
      const Statement = [
        { ...everything, Effect: 'Allow' },
        { ...everything, Effect: 'Deny', Condition },
      ];
      const policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations: replace('/policy', policy) }));
      expect((await gateway.send(new GetRestApiCommand({ restApiId }))).policy).toContain('192.0.2.0');
      expect((await get()).status).toBe(200);
      await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      await target.until(async () => {
        expect(await get()).toMatchObject({ status: 403, error: 'AccessDeniedException' });
      });
    },
  },
];
