import type { Operations, Service } from '../../service.ts';
import { addressOf } from './data-plane/address.ts';
import { withDemands } from './demands.ts';

/** Amazon API Gateway's REST APIs, and their usage plans. */
export const apigateway: Service = {
  name: 'apigateway',
  rest: 'json',
  model: () => import('@aws-sdk/client-api-gateway'),
  validationCode: 'BadRequestException',
  throttlingCode: 'TooManyRequestsException',
  operations: loaded,
  routes: [
    {
      matches: (raw) => addressOf(raw) !== undefined,
      // Templates, schemas and tokens bring libraries that a cloud without an API needs not.
      handle: async (raw, response, cloud) =>
        (await import('./data-plane/serve-api.ts')).serveApi(raw, response, cloud),
    },
  ],
};

let operations: Promise<Operations> | undefined;

function loaded(): Promise<Operations> {
  operations ??= import('./operations.ts').then((module) => withDemands(() => apigateway, module.operations));
  return operations;
}
