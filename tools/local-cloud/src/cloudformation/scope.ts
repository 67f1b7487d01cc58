import type { DescribeStacksCommandOutput } from '@aws-sdk/client-cloudformation';
import type { GetParametersCommandOutput } from '@aws-sdk/client-ssm';
import type { Caller, Cloud } from '../service.ts';
import { evaluateConditions } from './conditions.ts';
import { validationError } from './errors.ts';
import { knownAfterApply, type ParameterValue, type ResourceView, type Scope } from './evaluate.ts';
import { exportsOf, parameterValue, type StackParameter, stateOf } from './state.ts';
import type { Template } from './template.ts';

/** Where and as whom a stack's values are evaluated. */
export interface Surroundings {
  readonly cloud: Cloud;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  readonly stack: { readonly id: string; readonly name: string };
}

export interface StackScope extends Scope {
  /** Names of the exports that were imported so far. */
  readonly imports: Set<string>;
}

/** The scope of one stack: its parameters, conditions and what it may look up elsewhere. */
export async function stackScope(
  surroundings: Surroundings,
  template: Template,
  parameters: readonly StackParameter[],
  resource: (logicalId: string) => ResourceView | undefined,
): Promise<StackScope> {
  const imports = new Set<string>();
  const references = new Map<string, Promise<string>>();
  const scope = {
    region: surroundings.region,
    parameters: { ...pseudoParameters(surroundings), ...valuesOf(template, parameters) },
    conditions: {},
    mappings: template.Mappings,
    imports,
    resource,
    importValue(name: string) {
      const { cloud, account, region } = surroundings;
      const found = exportsOf(stateOf(cloud, account, region)).get(name);
      if (!found) throw validationError(`No export named ${name} found.`);
      imports.add(name);
      return found.value;
    },
    stackOutput: (reference: Readonly<Record<string, unknown>>) => stackOutput(surroundings, reference),
    dynamicReferences: (text: string) => resolveReferences(surroundings, text, references),
  };
  return { ...scope, conditions: await evaluateConditions(template, scope) };
}

/** "Get AWS values using pseudo parameters", CloudFormation User Guide. */
function pseudoParameters({ account, region, stack }: Surroundings): Record<string, ParameterValue> {
  return {
    'AWS::AccountId': account,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

function valuesOf(template: Template, parameters: readonly StackParameter[]): Record<string, ParameterValue> {
  return Object.fromEntries(
    parameters.map((parameter) => [
      parameter.key,
      parameterValue(template.Parameters?.[parameter.key]?.Type ?? 'String', parameter),
    ]),
  );
}

/** "Fn::GetStackOutput", CloudFormation Template Reference: a weak reference, resolved when the stack is deployed. */
async function stackOutput(
  { cloud, caller, region }: Surroundings,
  { StackName, OutputName, Region, RoleArn }: Readonly<Record<string, unknown>>,
): Promise<string> {
  const as = RoleArn ? (await cloud.assumeRole(String(RoleArn), 'AWSCloudFormation', caller)).caller : caller;
  const answer = await cloud.call<DescribeStacksCommandOutput>(
    'cloudformation',
    'DescribeStacks',
    { StackName: String(StackName) },
    { caller: as, region: String(Region ?? region) },
  );
  const output = answer.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === OutputName);
  if (output?.OutputValue === undefined) {
    throw validationError(`Template error: stack ${String(StackName)} has no output ${String(OutputName)}`);
  }
  return output.OutputValue;
}

async function resolveReferences(
  surroundings: Surroundings,
  text: string,
  known: Map<string, Promise<string>>,
): Promise<string> {
  if (text.includes(knownAfterApply)) return text;
  let result = text;
  for (const [whole, service = '', key = ''] of text.matchAll(/\{\{resolve:([^:}]+):([^}]+)\}\}/g)) {
    let value = known.get(whole);
    if (!value) {
      value = lookUp(surroundings, service, key);
      known.set(whole, value);
    }
    const found = await value;
    result = result.replace(whole, () => found);
  }
  return result;
}

/** "Get values stored in other services using dynamic references", CloudFormation User Guide. */
async function lookUp({ cloud, caller, region }: Surroundings, service: string, key: string): Promise<string> {
  if (service !== 'ssm') {
    throw validationError(
      `The embedded cloud resolves dynamic references of ssm only, not {{resolve:${service}:${key}}}.`,
    );
  }
  const answer = await cloud.call<GetParametersCommandOutput>(
    'ssm',
    'GetParameters',
    { Names: [key] },
    { caller, region },
  );
  const [parameter] = answer.Parameters ?? [];
  if (parameter?.Value === undefined) throw validationError(`Parameters: [ssm:${key}] cannot be found.`);
  if (parameter.Type === 'SecureString') {
    throw validationError(`Non-secure ssm prefix was used for secure parameter: ${key}`);
  }
  return parameter.Value;
}
