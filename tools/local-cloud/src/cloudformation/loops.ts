import { validationError } from './errors.ts';
import { parameterValue, type StackParameter } from './state.ts';
import { checkContent, isObject, parseTemplate, type Template } from './template.ts';

const loop = /^Fn::ForEach::/;

/**
 * A template as it is deployed: with the transform AWS::LanguageExtensions, what its loops stand for ("Fn::ForEach",
 * CloudFormation Template Reference). A parameter without a value is an empty list, as when a template is only looked at.
 * Throws ValidationError for text that is no template, and loops that are none.
 */
export function processTemplate(text: string, parameters: readonly StackParameter[]): Template {
  const template = parseTemplate(text);
  if (template.Transform === undefined) return template;
  const expand = (value: unknown) => expandLoops(value, (collection) => itemsOf(collection, template, parameters));
  const { Conditions, Resources, Outputs } = template;
  const expanded = {
    ...template,
    ...(Conditions && { Conditions: expand(Conditions) }),
    Resources: expand(Resources),
    ...(Outputs && { Outputs: expand(Outputs) }),
  } as Template;
  checkContent(expanded);
  return expanded;
}

function expandLoops(value: unknown, items: (collection: unknown) => readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => expandLoops(item, items));
  if (!isObject(value)) return value;
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const added = loop.test(name) ? runLoop(name, member, items) : [[name, expandLoops(member, items)] as const];
    for (const [key, content] of added) {
      if (members.some(([known]) => known === key)) throw failed(`${name} makes ${key} a second time`);
      members.push([key, content]);
    }
  }
  return Object.fromEntries(members);
}

function runLoop(name: string, argument: unknown, items: (collection: unknown) => readonly string[]) {
  const [identifier, collection, fragment] = Array.isArray(argument) ? argument : [];
  if (!Array.isArray(argument) || argument.length !== 3 || typeof identifier !== 'string' || !isObject(fragment)) {
    throw failed(`the layout of ${name} is not [identifier, collection, { key: value }]`);
  }
  return items(collection).flatMap((item) => {
    const filled = expandLoops(fill(fragment, identifier, item), items);
    return Object.entries(filled as Record<string, unknown>);
  });
}

/** `${Identifier}`, `&{Identifier}` (letters and digits alone) and `Ref: Identifier` give way to the item. */
function fill(value: unknown, identifier: string, item: string): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(`\${${identifier}}`, item)
      .replaceAll(`&{${identifier}}`, item.replace(/[^a-zA-Z0-9]/g, ''));
  }
  if (Array.isArray(value)) return value.map((one) => fill(one, identifier, item));
  if (!isObject(value)) return value;
  const names = Object.keys(value);
  if (names.length === 1 && value['Ref'] === identifier) return item;
  return Object.fromEntries(
    names.map((name) => [fill(name, identifier, item) as string, fill(value[name], identifier, item)]),
  );
}

/** A list of texts, a list parameter, or a list of a mapping. */
function itemsOf(collection: unknown, template: Template, parameters: readonly StackParameter[]): readonly string[] {
  if (Array.isArray(collection)) return collection.flatMap((item) => itemOf(item, template, parameters));
  if (isObject(collection)) return itemOf(collection, template, parameters);
  throw failed(`${JSON.stringify(collection)} is no collection of Fn::ForEach`);
}

function itemOf(item: unknown, template: Template, parameters: readonly StackParameter[]): readonly string[] {
  if (['string', 'number', 'boolean'].includes(typeof item)) return [String(item)];
  const { Ref: name, 'Fn::FindInMap': path } = isObject(item) ? item : {};
  if (Array.isArray(path)) return listInMap(path, template);
  const definition = typeof name === 'string' ? template.Parameters?.[name] : undefined;
  if (!definition) throw failed(`the collection of Fn::ForEach has ${JSON.stringify(item)}, which is no parameter`);
  const given = parameters.find(({ key }) => key === name);
  const value = given ? parameterValue(definition.Type, given) : definition.Default;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : String(value).split(',');
}

function listInMap(path: readonly unknown[], { Mappings = {} }: Template): readonly string[] {
  const [map, first, second] = path.map(String) as [string, string, string];
  const found = Mappings[map]?.[first]?.[second];
  if (Array.isArray(found)) return found.map(String);
  throw failed(`the mapping ${path.map(String).join('::')} of a collection is no list`);
}

function failed(reason: string): Error {
  return validationError(`Transform AWS::LanguageExtensions failed with: ${reason}.`);
}
