import type { ResourceView, Scope } from '../src/cloudformation/evaluate.ts';

interface Known {
  readonly parameters?: Scope['parameters'];
  readonly conditions?: Scope['conditions'];
  readonly mappings?: Scope['mappings'];
  readonly resources?: Readonly<Record<string, ResourceView>>;
  readonly exports?: Readonly<Record<string, string>>;
}

/** A scope with what a test names; looking up anything else elsewhere fails. */
export function scopeWith({ parameters = {}, conditions = {}, mappings, resources = {}, exports = {} }: Known): Scope {
  return {
    region: 'eu-west-1',
    parameters,
    conditions,
    mappings,
    resource: (logicalId) => resources[logicalId],
    importValue(name) {
      const value = exports[name];
      if (value === undefined) throw new Error(`No export named ${name} found.`);
      return value;
    },
    stackOutput: async ({ StackName, OutputName }) => `${StackName}.${OutputName}`,
    dynamicReferences: async (text) => text.replace(/\{\{resolve:ssm:([^}]+)\}\}/g, '<$1>'),
  };
}
