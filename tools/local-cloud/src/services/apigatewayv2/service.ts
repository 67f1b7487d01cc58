import type { Operations, Service } from '../../service.ts';
import { withDemands } from '../apigateway/demands.ts';

/** Amazon API Gateway's HTTP APIs. Their requests are served by the route of the REST APIs, which share the addresses. */
export const apigatewayv2: Service = {
  name: 'apigatewayv2',
  signedAs: { name: 'apigateway', path: '/v2/' },
  iamPrefix: 'apigateway',
  rest: 'json',
  model: () => import('@aws-sdk/client-apigatewayv2'),
  validationCode: 'BadRequestException',
  throttlingCode: 'TooManyRequestsException',
  operations: loaded,
};

let operations: Promise<Operations> | undefined;

function loaded(): Promise<Operations> {
  operations ??= import('./operations.ts').then((module) => withDemands(() => apigatewayv2, module.operations));
  return operations;
}
