import { ecs as service } from '../src/services/ecs/service.ts';
import type { Contract } from './contract.ts';

import { clusterClaims } from './ecs-clusters.ts';
import { serviceClaims } from './ecs-services.ts';
import { taskDefinitionClaims } from './ecs-task-definitions.ts';

export const ecs: Contract = {
  service,
  claims: [...clusterClaims, ...taskDefinitionClaims, ...serviceClaims],
};
