import { apigateway as service } from '../src/services/apigateway/service.ts';
import { apiClaims } from './apigateway-apis.ts';
import { authorizationClaims } from './apigateway-authorization.ts';
import { deploymentClaims } from './apigateway-deployments.ts';
import { methodClaims } from './apigateway-methods.ts';
import { openApiClaims } from './apigateway-openapi.ts';
import { requestClaims } from './apigateway-requests.ts';
import { usageClaims } from './apigateway-usage.ts';
import type { Contract } from './contract.ts';

export const apigateway: Contract = {
  service,
  claims: [
    ...apiClaims,
    ...methodClaims,
    ...deploymentClaims,
    ...openApiClaims,
    ...requestClaims,
    ...usageClaims,
    ...authorizationClaims,
  ],
};
