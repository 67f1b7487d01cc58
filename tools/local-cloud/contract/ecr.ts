import { ecr as service } from '../src/services/ecr/service.ts';
import type { Contract } from './contract.ts';
import { imageClaims } from './ecr-images.ts';
import { policyClaims } from './ecr-policies.ts';
import { repositoryClaims } from './ecr-repositories.ts';

export const ecr: Contract = { service, claims: [...repositoryClaims, ...policyClaims, ...imageClaims] };
