import { functionCall, getAttParts, subParts, subTemplate } from './function-syntax.ts';
import { isObject, type ResourceDefinition } from './template.ts';

/** What a value needs of another resource: its `Ref`, or one of its attributes. */
export interface Reference {
  readonly logicalId: string;
  /** `undefined` for `Ref`. */
  readonly attribute?: string;
}

/** Every reference in a value, in the branches its conditions select; parameters are references too. */
export function referencesIn(value: unknown, conditions: Readonly<Record<string, boolean>>): Reference[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, conditions));
  if (!isObject(value)) return [];
  const [name, argument] = functionCall(value) ?? [];
  if (name === 'Ref') return [{ logicalId: String(argument) }];
  if (name === 'Fn::GetAtt') {
    const [logicalId, attribute] = getAttParts(argument);
    return [{ logicalId, attribute: String(attribute) }, ...referencesIn(attribute, conditions)];
  }
  if (name === 'Fn::Sub') return referencesInSub(argument, conditions);
  if (name === 'Fn::If' && Array.isArray(argument)) {
    return referencesIn(argument[conditions[String(argument[0])] ? 1 : 2], conditions);
  }
  return Object.values(value).flatMap((member) => referencesIn(member, conditions));
}

function referencesInSub(argument: unknown, conditions: Readonly<Record<string, boolean>>): Reference[] {
  const [text, variables] = subParts(argument);
  const named = subTemplate(text).flatMap((part) => {
    if (typeof part === 'string' || Object.hasOwn(variables, part.name)) return [];
    const [logicalId = '', ...attribute] = part.name.split('.');
    return [{ logicalId, ...(attribute.length > 0 && { attribute: attribute.join('.') }) }];
  });
  return [...named, ...referencesIn(Object.values(variables), conditions)];
}

/** The resources a resource names in DependsOn. */
export function dependsOn(resource: ResourceDefinition): readonly string[] {
  return [resource.DependsOn ?? []].flat();
}
