import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  type PatchOperation,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { functionArn, startLambdaCloud } from './fixtures/lambda/support.ts';

export type ApiCloud = Awaited<ReturnType<typeof startApiCloud>>;

const handlers = readFileSync(join(import.meta.dirname, 'fixtures', 'apigateway', 'handler.mjs'));

/** What stands behind a method: a function by its name, a mock answer's status, or any integration. */
export interface TestMethod {
  readonly function?: string;
  readonly mock?: { readonly status?: number; readonly body?: string };
  readonly integration?: Partial<PutIntegrationCommandInput>;
  readonly method?: Partial<PutMethodCommandInput>;
}

export const integrationUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

/** A cloud with a gateway's client and what tests of APIs do over and over. */
export async function startApiCloud() {
  const cloud = await startLambdaCloud();
  const gateway = cloud.client(APIGatewayClient);

  async function resource(
    restApiId: string,
    rootId: string,
    path: string,
    known: Map<string, string>,
  ): Promise<string> {
    let parentId = rootId;
    let so = '';
    for (const pathPart of path.split('/').filter(Boolean)) {
      so += `/${pathPart}`;
      const id = known.get(so) ?? (await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart }))).id;
      known.set(so, id ?? '');
      parentId = id ?? '';
    }
    return parentId;
  }

  async function put(restApiId: string, resourceId: string, httpMethod: string, given: TestMethod): Promise<void> {
    const name = { restApiId, resourceId, httpMethod };
    await gateway.send(new PutMethodCommand({ ...name, authorizationType: 'NONE', ...given.method }));
    if (given.mock) {
      const statusCode = String(given.mock.status ?? 200);
      const requestTemplates = { 'application/json': `{ "statusCode": ${statusCode} }` };
      await gateway.send(new PutMethodResponseCommand({ ...name, statusCode }));
      await gateway.send(new PutIntegrationCommand({ ...name, type: 'MOCK', requestTemplates }));
      const responseTemplates = { 'application/json': given.mock.body ?? '{}' };
      await gateway.send(new PutIntegrationResponseCommand({ ...name, statusCode, responseTemplates }));
      return;
    }
    await gateway.send(
      new PutIntegrationCommand({
        ...name,
        type: 'AWS_PROXY',
        integrationHttpMethod: 'POST',
        ...(given.function !== undefined && { uri: integrationUri(given.function) }),
        ...given.integration,
      }),
    );
  }

  return {
    ...cloud,
    gateway,
    /** A function that the gateway may call. */
    async handler(FunctionName: string, handler = 'respond') {
      await cloud.create(FunctionName, handler, {
        Code: { ZipFile: zipSync({ 'handler.mjs': handlers }) },
        Timeout: 30,
      });
      await cloud.lambda.send(
        new AddPermissionCommand({
          FunctionName,
          StatementId: 'gateway',
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
        }),
      );
    },
    /** An API with these methods (`GET /orders/{id}`), deployed to the stage `test` after `prepare`. */
    async api(
      methods: Readonly<Record<string, TestMethod>>,
      options: {
        readonly settings?: Partial<CreateRestApiCommandInput>;
        readonly prepare?: (restApiId: string) => Promise<Record<string, Partial<PutMethodCommandInput>> | undefined>;
      } = {},
    ) {
      const { id: restApiId = '', rootResourceId = '' } = await gateway.send(
        new CreateRestApiCommand({ name: 'shop', ...options.settings }),
      );
      const prepared = await options.prepare?.(restApiId);
      const known = new Map<string, string>();
      for (const [name, given] of Object.entries(methods)) {
        const [httpMethod = '', path = '/'] = name.split(' ');
        const resourceId = await resource(restApiId, rootResourceId, path, known);
        await put(restApiId, resourceId, httpMethod, { ...given, method: { ...given.method, ...prepared?.[name] } });
      }
      const deploy = () => gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      await deploy();
      const url = `${cloud.endpoint}/execute-api/${restApiId}/test`;
      return {
        restApiId,
        url,
        deploy,
        resourceId: (path: string) => known.get(path) ?? rootResourceId,
        stage: (...patchOperations: PatchOperation[]) =>
          gateway.send(new UpdateStageCommand({ restApiId, stageName: 'test', patchOperations })),
        /** Status, error type and what the body says. */
        async call(path: string, init: RequestInit = {}) {
          const response = await fetch(url + path, init);
          const text = await response.text();
          return {
            status: response.status,
            error: response.headers.get('x-amzn-errortype'),
            headers: response.headers,
            body: text === '' ? undefined : parsed(text),
          };
        },
      };
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what an API answers is up to its test.
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A request whose function answers this. */
export const answering = (answer: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ answer }),
});
