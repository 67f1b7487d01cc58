import { customResourceAnswers } from '../../cloudformation/providers/custom-resource-answers.ts';
import { abortOperations } from '../../cloudformation/running-operations.ts';
import type { Service } from '../../service.ts';
import { deleteChangeSet, describeChangeSet, executeChangeSet, listChangeSets } from './change-sets.ts';
import { createChangeSet } from './create-change-set.ts';
import { describeStacks, listStacks } from './describe-stacks.ts';
import {
  describeStackDriftDetectionStatus,
  describeStackResourceDrifts,
  detectStackDrift,
  detectStackResourceDrift,
} from './drift.ts';
import { listExports, listImports } from './exports.ts';
import { continueUpdateRollback, rollbackStack } from './rollbacks.ts';
import { describeEvents, describeStackEvents } from './stack-events.ts';
import { getStackPolicy, setStackPolicy } from './stack-policies.ts';
import { describeStackResource, describeStackResources, listStackResources } from './stack-resources.ts';
import { createStack, deleteStack, updateStack, updateTerminationProtection } from './stacks.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from './templates.ts';

/** AWS CloudFormation: stacks, nested ones too, and change sets. No stack sets, refactors, hooks. */
export const cloudformation: Service = {
  name: 'cloudformation',
  model: () => import('@aws-sdk/client-cloudformation'),
  xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: {
    ContinueUpdateRollback: continueUpdateRollback,
    CreateChangeSet: createChangeSet,
    CreateStack: createStack,
    DeleteChangeSet: deleteChangeSet,
    DeleteStack: deleteStack,
    DescribeChangeSet: describeChangeSet,
    DescribeEvents: describeEvents,
    DescribeStackDriftDetectionStatus: describeStackDriftDetectionStatus,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResourceDrifts: describeStackResourceDrifts,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    DetectStackDrift: detectStackDrift,
    DetectStackResourceDrift: detectStackResourceDrift,
    ExecuteChangeSet: executeChangeSet,
    GetStackPolicy: getStackPolicy,
    GetTemplate: getTemplate,
    GetTemplateSummary: getTemplateSummary,
    ListChangeSets: listChangeSets,
    ListExports: listExports,
    ListImports: listImports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    RollbackStack: rollbackStack,
    SetStackPolicy: setStackPolicy,
    UpdateStack: updateStack,
    UpdateTerminationProtection: updateTerminationProtection,
    ValidateTemplate: validateTemplate,
  },
  routes: [customResourceAnswers],
  close: abortOperations,
};
