import {
  APIGatewayClient,
  CreateDeploymentCommand,
  DeleteRestApiCommand,
  GetRestApiCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { guide, hostOf } from './apigateway-support.ts';
import { type Claim, refusal, type Target } from './contract.ts';

/** A document of one method, answered by a mock. */
function openApi(answer: string): Uint8Array {
  const responseTemplates = { 'application/json': answer };
  const integration = {
    type: 'mock',
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
    responses: { default: { statusCode: '200', responseTemplates } },
  };
  const get = { responses: { 200: { description: 'fine' } }, 'x-amazon-apigateway-integration': integration };
  const info = { title: 'contract', version: '7' };
  return Buffer.from(JSON.stringify({ openapi: '3.0.1', info, paths: { '/products': { get } } }));
}

/** The API of such a document, deployed to the stage `test`. */
async function imported(target: Target, answer: string) {
  const gateway = target.client(APIGatewayClient);
  const { id: restApiId = '' } = await gateway.send(new ImportRestApiCommand({ body: openApi(answer) }));
  target.afterwards(() => gateway.send(new DeleteRestApiCommand({ restApiId })));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  const url = `${await hostOf(target, { gateway, restApiId })}/test/products`;
  const get = async () => {
    const response = await fetch(url);
    return { status: response.status, body: await response.json() };
  };
  return { gateway, restApiId, get };
}

/** Claims about APIs of OpenAPI documents. */
export const openApiClaims: readonly Claim[] = [
  {
    operation: 'ImportRestApi',
    beside: ['GetRestApi', 'CreateDeployment', 'DeleteRestApi'],
    claim: 'makes an API of an OpenAPI document, whose extensions say what stands behind its methods',
    source: guide('Develop REST APIs using OpenAPI in API Gateway'),
    async run(target) {
      const { gateway, restApiId, get } = await imported(target, '{"v":1}');
      expect((await gateway.send(new GetRestApiCommand({ restApiId }))).version).toBe('7');
      await target.until(async () => expect(await get()).toEqual({ status: 200, body: { v: 1 } }));
    },
  },
  {
    operation: 'ImportRestApi',
    claim: 'refuses what is no OpenAPI document',
    source: guide('Errors and warnings from importing your API into API Gateway'),
    async run(target) {
      const body = Buffer.from('{"openapi":"3.0.1"}');
      const call = target.client(APIGatewayClient).send(new ImportRestApiCommand({ body }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'PutRestApi',
    beside: ['ImportRestApi', 'CreateDeployment'],
    claim: 'overwrites an API by another document, which is served after the next deployment',
    source: guide('Import an OpenAPI file to update an existing API definition'),
    async run(target) {
      const { gateway, restApiId, get } = await imported(target, '{"v":1}');
      await gateway.send(new PutRestApiCommand({ restApiId, mode: 'overwrite', body: openApi('{"v":2}') }));
      await target.until(async () => expect(await get()).toEqual({ status: 200, body: { v: 1 } }));
      await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      await target.until(async () => expect((await get()).body).toEqual({ v: 2 }));
    },
  },
];
