import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
  PutMethodResponseCommand,
  type ThrottleSettings,
} from '@aws-sdk/client-api-gateway';

/** The name of the stage. */
export const stageName = 'bench';

/** Above what a measurement can reach: the limits are kept count of, and nothing is turned away. */
const highest = { rateLimit: 9_999, burstLimit: 5_000 };
const quota = { limit: 1_000_000_000, period: 'DAY' } as const;

type Parent = Record<'restApiId' | 'parentId', string | undefined>;
type Access = Pick<PutMethodCommandInput, 'authorizationType' | 'authorizerId' | 'apiKeyRequired'>;

/** GET on a path, answered by a mock. */
export async function mockPath(sdk: APIGatewayClient, parent: Parent, pathPart: string, access: Access): Promise<void> {
  const { id: resourceId } = await sdk.send(new CreateResourceCommand({ ...parent, pathPart }));
  const method = { restApiId: parent.restApiId, resourceId, httpMethod: 'GET' };
  await sdk.send(new PutMethodCommand({ ...method, ...access }));
  await sdk.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
  const requestTemplates = { 'application/json': '{"statusCode":200}' };
  await sdk.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
  await sdk.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200' }));
}

export async function deploy(sdk: APIGatewayClient, restApiId: string | undefined): Promise<void> {
  await sdk.send(new CreateDeploymentCommand({ restApiId, stageName }));
}

/** Puts the stage into a plan with rate, burst and quota. Resolves with the value of the plan's one key. */
export async function addPlan(
  sdk: APIGatewayClient,
  restApiId: string | undefined,
  { name = 'bench', apiKey, throttle = highest }: { name?: string; apiKey?: string; throttle?: ThrottleSettings } = {},
): Promise<string> {
  const apiStages = [{ apiId: restApiId, stage: stageName }];
  const { id: usagePlanId } = await sdk.send(new CreateUsagePlanCommand({ name, apiStages, throttle, quota }));
  const { id: keyId, value = '' } = await sdk.send(new CreateApiKeyCommand({ name, value: apiKey, enabled: true }));
  await sdk.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return value;
}
