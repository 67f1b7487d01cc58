import type { Service } from '../../service.ts';
import { accessKeyOperations } from './access-keys.ts';
import { attachedPolicyOperations } from './attached-policies.ts';
import { groupOperations } from './groups.ts';
import { inlinePolicyOperations } from './inline-policies.ts';
import { managedPolicyOperations } from './managed-policies.ts';
import { oidcProviderOperations } from './oidc-providers.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { roleOperations } from './roles.ts';
import { tagOperations } from './tags.ts';
import { userOperations } from './users.ts';

/** AWS Identity and Access Management: who there is, and which policies speak about them. */
export const iam: Service = {
  name: 'iam',
  model: () => import('@aws-sdk/client-iam'),
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: {
    ...roleOperations,
    ...userOperations,
    ...groupOperations,
    ...accessKeyOperations,
    ...inlinePolicyOperations,
    ...attachedPolicyOperations,
    ...managedPolicyOperations,
    ...policyVersionOperations,
    ...tagOperations,
    ...oidcProviderOperations,
  },
};
