import { cloudformation as service } from '../src/services/cloudformation/service.ts';
import { changeSetClaims } from './cloudformation-change-sets.ts';
import { descriptionClaims } from './cloudformation-descriptions.ts';
import { stackClaims } from './cloudformation-stacks.ts';
import type { Contract } from './contract.ts';

export const cloudformation: Contract = {
  service,
  claims: [...stackClaims, ...changeSetClaims, ...descriptionClaims],
};
