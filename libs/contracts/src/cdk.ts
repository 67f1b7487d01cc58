import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type Contract, type ContractValues, parameterName } from './contract.ts';
import { ContractError } from './errors.ts';
import { needsTag, parseNeeds } from './needs.ts';

/**
 * Publishes a value for every name of the contract as SSM string parameters.
 * @throws ContractError (`CONTRACT_VALUE_MISSING`) naming every empty value: SSM refuses empty strings at deployment.
 */
export function publish<Name extends string>(
  scope: Construct,
  stage: string,
  contract: Contract<Name>,
  values: ContractValues<Name>,
): void {
  const names = Object.keys(contract.parameters) as Name[];
  const missing = names.filter((name) => !values[name]);
  if (missing.length > 0) {
    throw new ContractError(
      'CONTRACT_VALUE_MISSING',
      missing.map((name) => `${name} of ${contract.context} has no value; pass one to publish()`),
    );
  }
  const group = new Construct(scope, `contract-${contract.context}`);
  for (const name of names) {
    new StringParameter(group, name, {
      parameterName: parameterName(contract, stage, name),
      description: contract.parameters[name].description,
      stringValue: values[name],
    });
  }
}

/**
 * Resolves the given names of a contract: tokens that CloudFormation replaces at each deployment, so a new value reaches
 * the stack with its next `deploy`, and a missing one fails it by name before anything changes. The stack is tagged with
 * what it needs ({@link needsTag}).
 *
 * They are template parameters of type `AWS::SSM::Parameter::Value<String>` and not `{{resolve:ssm}}` references: CDK and
 * CloudFormation look those parameters up again on every update, even if the template is the same.
 */
export function resolve<Name extends string, Wanted extends Name>(
  scope: Construct,
  stage: string,
  contract: Contract<Name>,
  ...names: readonly Wanted[]
): ContractValues<Wanted> {
  tagNeed(Stack.of(scope), `${stage}/${contract.context}`);
  const entries = names.map((name) => [
    name,
    StringParameter.valueForStringParameter(scope, parameterName(contract, stage, name)),
  ]);
  return Object.fromEntries(entries);
}

function tagNeed(stack: Stack, need: string): void {
  const top = topOf(stack);
  const needs = new Set([...parseNeeds(top.tags.tagValues()[needsTag]), need]);
  top.addStackTag(needsTag, [...needs].sort().join(' '));
}

/** The stack a user deploys and destroys: a nested one goes with it. */
function topOf(stack: Stack): Stack {
  return stack.nestedStackParent ? topOf(stack.nestedStackParent) : stack;
}
