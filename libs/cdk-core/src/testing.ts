import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { ContextVariables } from './context-variables.ts';
import type { EnforcedStack, EnforcedStackProps } from './enforced-stack.ts';
import { featureFlags } from './feature-flags.ts';

/**
 * A pattern's stack as it is deployed to the stage `dev`, unless the variables say otherwise, with its template and assembly.
 * Throws where cdk-nag finds something.
 */
export function synthesised<S extends EnforcedStack>(
  type: new (scope: Construct, id: string, props: EnforcedStackProps) => S,
  context: string,
  variables: Partial<ContextVariables> = {},
): { stack: S; template: Template; assembly: CloudAssembly } {
  const app = new App({ context: featureFlags });
  const contextVariables = { context, stage: 'dev', owner: 'platform', usage: 'DEVELOPMENT', ...variables } as const;
  const stack = new type(app, context, { contextVariables });
  return { stack, template: Template.fromStack(stack), assembly: app.synth() };
}

/** The `Ref` by which a template takes the value of an SSM parameter: `/dev/egress-partner/url`. Throws where it takes none. */
export function parameterRef(template: Template, name: string): { Ref: string } {
  const [parameter] = Object.keys(template.findParameters('*', { Default: name }));
  if (parameter === undefined) throw new Error(`The template takes no value of the SSM parameter ${name}.`);
  return { Ref: parameter };
}

/** A statement as a template has it: what it names may be a `Ref` or `Fn::GetAtt`. */
export interface TemplateStatement {
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource: unknown;
}

/** The statements of a template's policies, without those that roles hold inline. */
export function statementsOf(template: Template): readonly TemplateStatement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
}

/** How the one image of an assembly is built by `builtImage`: from which files, with whose URI as which ARG. */
export function imageBuildOf(assembly: CloudAssembly) {
  const manifest = readdirSync(assembly.directory).find((file) => file.endsWith('.assets.json')) ?? '';
  const { dockerImages } = JSON.parse(readFileSync(join(assembly.directory, manifest), 'utf8'));
  const [image] = Object.values(dockerImages) as { source: { executable: string[] } }[];
  const [, , context = '', imageParameter, argument] = image?.source.executable ?? [];
  return { files: readdirSync(join(assembly.directory, context)), imageParameter, argument };
}
