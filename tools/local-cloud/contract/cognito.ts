import { cognitoIdp as service } from '../src/services/cognito-idp/service.ts';
import { clientClaims } from './cognito-clients.ts';
import { hostedClaims } from './cognito-hosted.ts';
import { poolClaims } from './cognito-pools.ts';
import { signInClaims } from './cognito-sign-in.ts';
import { userClaims } from './cognito-users.ts';
import type { Contract } from './contract.ts';

export const cognito: Contract = {
  service,
  claims: [...poolClaims, ...clientClaims, ...userClaims, ...signInClaims, ...hostedClaims],
};
