import type { Operations, Service } from '../../service.ts';
import { apiGatewayRoute } from './data-plane/route.ts';
import { withDemands } from './demands.ts';

/** Amazon API Gateway's REST APIs, and their usage plans. */
export const apigateway: Service = {
  name: 'apigateway',
  rest: 'json',
  model: () => import('@aws-sdk/client-api-gateway'),
  validationCode: 'BadRequestException',
  throttlingCode: 'TooManyRequestsException',
  operations: loaded,
  routes: [apiGatewayRoute],
};

let operations: Promise<Operations> | undefined;

function loaded(): Promise<Operations> {
  operations ??= import('./operations.ts').then((module) => withDemands(() => apigateway, module.operations));
  return operations;
}
