import { iam as service } from '../src/services/iam/service.ts';
import type { Contract } from './contract.ts';
import { policyClaims } from './iam-policies.ts';
import { roleClaims } from './iam-roles.ts';
import { userClaims } from './iam-users.ts';

export const iam: Contract = {
  service,
  claims: [...roleClaims, ...userClaims, ...policyClaims],
};
