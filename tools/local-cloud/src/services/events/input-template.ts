import { isObject, type Json } from '../../event-patterns/json.ts';

/** What a placeholder stands for: a value of the event, or JSON text that goes in as it is. */
export type Variable = { readonly value: Json | undefined } | { readonly raw: string };

const placeholder = /<([A-Za-z0-9_.-]+)>/g;

/** The names between `<` and `>` of a template. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

/**
 * Fills a template of JSON, or of one quoted string a line ("Input transform examples", EventBridge User Guide). Outside
 * quotes values are written as JSON; within quotes text comes without quotes of its own. Objects within quotes are not
 * escaped: in a JSON template they make it invalid, in a string they lose their quotes. What is not in the event is
 * empty text.
 */
export function fillTemplate(template: string, variableOf: (name: string) => Variable): string {
  const isJson = /^\s*[{[]/.test(template);
  return template.replace(placeholder, (_, name: string, at: number) => {
    const variable = variableOf(name);
    if ('raw' in variable) return variable.raw;
    const { value = '' } = variable;
    if (!isQuoted(template, at)) return JSON.stringify(value);
    if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
    const text = JSON.stringify(value);
    return isJson || !(isObject(value) || Array.isArray(value)) ? text : text.replaceAll('"', '');
  });
}

/** Whether every line is a JSON string, or the whole is JSON, once the placeholders have values. */
export function isTemplate(template: string): boolean {
  const filled = fillTemplate(template, () => ({ value: '' }));
  return isJsonText(filled) || filled.split(/\r?\n/).every((line) => line.trim().startsWith('"') && isJsonText(line));
}

/** Is it a JSON document? */
export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a place in the template is between quotation marks. */
function isQuoted(template: string, at: number): boolean {
  const marks = template.slice(0, at).match(/\\.|"/g) ?? [];
  return marks.filter((mark) => mark === '"').length % 2 === 1;
}
