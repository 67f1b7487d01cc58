import {
  type DocumentOptions,
  type ParseOptions,
  parseDocument,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
} from 'yaml';
import { aliasError, formatError, validationError } from './errors.ts';
import { cloudFormationTags } from './yaml-tags.ts';

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: string | number | boolean;
  readonly Description?: string;
  readonly NoEcho?: boolean | string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly ConstraintDescription?: string;
}

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface OutputDefinition {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface RuleDefinition {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Transform?: string | readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, ParameterDefinition>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Rules?: Readonly<Record<string, RuleDefinition>>;
  readonly Resources: Readonly<Record<string, ResourceDefinition>>;
  readonly Outputs?: Readonly<Record<string, OutputDefinition>>;
}

const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Transform',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Hooks',
  'Resources',
  'Outputs',
];

const resourceAttributes = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
];

/** "CloudFormation quotas", CloudFormation User Guide. */
const mostOf = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;

/**
 * Reads a template, JSON or YAML with short forms. Throws ValidationError when it is no template: section names,
 * resource shapes, quotas ("CloudFormation quotas"), and what the embedded cloud can't do (transforms, hooks).
 */
export function parseTemplate(text: string): Template {
  const template = readDocument(text);
  for (const section of Object.keys(template)) {
    if (!sections.includes(section)) throw formatError(`Invalid template property or properties [${section}]`);
  }
  checkTransforms(template['Transform']);
  if (template['Hooks']) throw validationError('The embedded cloud does not carry out Hooks: remove the section.');
  for (const section of ['Parameters', 'Mappings', 'Conditions', 'Rules', 'Outputs', 'Resources']) {
    const content = template[section];
    if (content !== undefined && !isObject(content)) throw formatError(`${section} must be an object`);
  }
  const resources = template['Resources'];
  if (!isObject(resources) || Object.keys(resources).length === 0) {
    throw formatError('At least one Resources member must be defined.');
  }
  // What loops stand for is only known with the parameters.
  if (template['Transform'] === undefined) checkContent(template as unknown as Template);
  return template as unknown as Template;
}

/** Throws ValidationError for what is no resource or output, and for more of a section than the quota allows. */
export function checkContent(template: Template): void {
  for (const [section, most] of Object.entries(mostOf)) {
    checkCount(section, template[section as keyof typeof mostOf], most);
  }
  for (const [logicalId, resource] of Object.entries(template.Resources)) checkResource(logicalId, resource);
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    if (!isObject(output) || output['Value'] === undefined) {
      throw formatError(`Output ${name} is malformed. Every Outputs member must contain a Value object`);
    }
  }
}

/**
 * YAML 1.1 without the tags CloudFormation leaves out ("Template format", User Guide): `Version: 2012-10-17` is a string.
 */
const yamlOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  stringKeys: true,
  customTags: (tags) => [...tags.filter((tag) => !leftOut.includes(nameOfTag(tag))), booleans, ...cloudFormationTags],
};
const leftOut = ['binary', 'bool', 'omap', 'pairs', 'set', 'timestamp'];
/** YAML 1.1's booleans but for `y` and `n`, which CloudFormation reads as text. */
const booleans: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:true|false|yes|no|on|off)$/i,
  resolve: (text: string) => /^(?:true|yes|on)$/i.test(text),
};
const nameOfTag = (tag: Tags[number]) => (typeof tag === 'string' ? tag : tag.tag.replace('tag:yaml.org,2002:', ''));

function readDocument(text: string): Record<string, unknown> {
  const document = parseText(text);
  if (!isObject(document)) throw formatError('unsupported structure.');
  return document;
}

function parseText(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw formatError(`JSON not well-formed. (${(error as Error).message})`);
    }
  }
  const document = parseDocument(text, yamlOptions);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw formatError(`YAML not well-formed. (${problem.message.split('\n')[0]})`);
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw aliasError();
  }
}

function checkTransforms(transform: unknown): void {
  const unsupported = [transform ?? []].flat().filter((name) => name !== 'AWS::LanguageExtensions');
  if (unsupported.length > 0) {
    throw validationError(`The embedded cloud has no transform ${unsupported.map(nameOf).join(', ')}.`);
  }
}

const nameOf = (transform: unknown) => (isObject(transform) ? String(transform['Name']) : String(transform));

function checkCount(section: string, content: unknown, most: number): void {
  const count = Object.keys((content ?? {}) as object).length;
  if (count > most) {
    throw formatError(`Number of ${section.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`);
  }
}

function checkResource(logicalId: string, resource: unknown): void {
  if (!/^[a-zA-Z0-9]+$/.test(logicalId)) {
    throw formatError(`Resource name ${logicalId} is non alphanumeric.`);
  }
  if (!isObject(resource) || typeof resource['Type'] !== 'string') {
    throw formatError(`[/Resources/${logicalId}] Every Resources object must contain a Type member.`);
  }
  for (const attribute of Object.keys(resource)) {
    if (!resourceAttributes.includes(attribute)) {
      throw validationError(
        `Invalid template resource property '${attribute}'. Resource ${logicalId} knows ${resourceAttributes.join(', ')}.`,
      );
    }
  }
  for (const attribute of ['CreationPolicy', 'UpdatePolicy']) {
    if (resource[attribute] !== undefined) {
      throw validationError(`The embedded cloud does not carry out ${attribute} (resource ${logicalId}).`);
    }
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
