import type {
  Capability,
  GetTemplateCommandInput,
  GetTemplateCommandOutput,
  GetTemplateSummaryCommandInput,
  GetTemplateSummaryCommandOutput,
  ValidateTemplateCommandInput,
  ValidateTemplateCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { buildGraph } from '../../cloudformation/graph.ts';
import { processTemplate } from '../../cloudformation/loops.ts';
import type { Deployment } from '../../cloudformation/state.ts';
import type { ParameterDefinition, Template } from '../../cloudformation/template.ts';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { iamCapability } from './capabilities.ts';
import { identifierSummaries } from './resources-to-import.ts';
import { onStack, stackOf } from './stack-reference.ts';
import { readTemplate } from './template-input.ts';

/** As it was given (`TemplateStage: Original`), or with its loops run, as it is deployed. */
export const getTemplate = operation<GetTemplateCommandInput, GetTemplateCommandOutput>({
  demands: onStack('GetTemplate'),
  run({ StackName, ChangeSetName, TemplateStage = 'Processed' }, call) {
    const stack = stackOf(call, StackName);
    const changeSets = [...stack.changeSets.values()];
    const changeSet = changeSets.find(({ id, name }) => id === ChangeSetName || name === ChangeSetName);
    if (ChangeSetName !== undefined && !changeSet) {
      throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${ChangeSetName}] does not exist`, { status: 404 });
    }
    const deployment = changeSet?.deployment ?? stack.deployment;
    const TemplateBody = TemplateStage === 'Processed' ? processed(deployment) : deployment?.templateBody;
    return { TemplateBody, StagesAvailable: ['Original', 'Processed'] };
  },
});

function processed(deployment: Deployment | undefined): string | undefined {
  if (!deployment) return undefined;
  const { Transform, ...template } = processTemplate(deployment.templateBody, deployment.parameters);
  return Transform === undefined ? deployment.templateBody : JSON.stringify(template);
}

export const validateTemplate = operation<ValidateTemplateCommandInput, ValidateTemplateCommandOutput>({
  async run(input, call) {
    const template = processTemplate(await readTemplate(input, call), []);
    // Without parameters no condition has a value: every resource counts as there.
    const conditions = Object.fromEntries(Object.keys(template.Conditions ?? {}).map((name) => [name, true]));
    buildGraph(template, conditions);
    const { Parameters, Description, Capabilities, CapabilitiesReason } = summaryOf(template);
    return {
      Description,
      Capabilities,
      CapabilitiesReason,
      Parameters: Parameters.map(({ ParameterKey, DefaultValue, NoEcho, Description: text }) => ({
        ParameterKey,
        DefaultValue,
        NoEcho,
        Description: text,
      })),
    };
  },
});

export const getTemplateSummary = operation<GetTemplateSummaryCommandInput, GetTemplateSummaryCommandOutput>({
  demands: onStack('GetTemplateSummary'),
  async run(input, call) {
    const { StackName } = input;
    const text =
      StackName === undefined
        ? await readTemplate(input, call)
        : (stackOf(call, StackName).deployment?.templateBody ?? '{}');
    const template = processTemplate(text, []);
    return {
      ...summaryOf(template),
      ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
      ResourceIdentifierSummaries: await identifierSummaries(template),
      Version: template.AWSTemplateFormatVersion,
      Metadata: template.Metadata && JSON.stringify(template.Metadata),
      DeclaredTransforms: [template.Transform ?? []].flat(),
    };
  },
});

function summaryOf(template: Template) {
  const needed = iamCapability(template);
  return {
    Description: template.Description,
    Capabilities: (needed ? [needed.capability] : []) as Capability[],
    CapabilitiesReason: needed && `The following resource(s) require capabilities: [${needed.types.join(', ')}]`,
    Parameters: Object.entries(template.Parameters ?? {}).map(describeParameter),
  };
}

function describeParameter([ParameterKey, definition]: readonly [string, ParameterDefinition]) {
  const { Type, Default, NoEcho, Description, AllowedValues } = definition;
  return {
    ParameterKey,
    ParameterType: Type,
    DefaultValue: Default === undefined ? undefined : String(Default),
    NoEcho: String(NoEcho) === 'true',
    Description,
    ParameterConstraints: AllowedValues ? { AllowedValues: AllowedValues.map(String) } : {},
  };
}
