import type { Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from './event.ts';
import { wholeSeconds } from './event.ts';
import { fillTemplate, isJsonText, type Variable } from './input-template.ts';
import { readJsonPath } from './json-path.ts';
import type { Rule } from './state.ts';

/** A template of JSON that the event's values broke. */
export class InvalidTargetInput extends Error {
  override readonly name = 'InvalidTargetInput';
}

/** What a target gets of an event: JSON text. Throws {@link InvalidTargetInput}. */
export function targetInput({ Input, InputPath, InputTransformer }: Target, rule: Rule, event: BusEvent): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined)
    return InputPath === '$' ? event.text : JSON.stringify(readJsonPath(InputPath)?.(event.json) ?? null);
  if (!InputTransformer) return event.text;
  const { InputPathsMap = {}, InputTemplate = '' } = InputTransformer;
  const text = fillTemplate(InputTemplate, (name) => {
    const path = InputPathsMap[name];
    if (path === undefined) return predefined(name, rule, event);
    return path === '$' ? { raw: event.text } : { value: readJsonPath(path)?.(event.json) };
  });
  if (/^\s*[{[]/.test(InputTemplate) && !isJsonText(text)) {
    throw new InvalidTargetInput(`The input template gives no valid JSON with event ${event.id}.`);
  }
  return text;
}

/** "Predefined variables", Amazon EventBridge input transformation. */
export const predefinedVariables: readonly string[] = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
];

function predefined(name: string, rule: Rule, event: BusEvent): Variable {
  switch (name) {
    case 'aws.events.rule-arn':
      return { value: rule.arn };
    case 'aws.events.rule-name':
      return { value: rule.name };
    case 'aws.events.event.ingestion-time':
      return { value: wholeSeconds(new Date(event.ingested)) };
    case 'aws.events.event.json':
      return { raw: event.text };
    default: {
      const { detail: _, ...envelope } = event.json;
      return { raw: JSON.stringify(envelope) };
    }
  }
}
