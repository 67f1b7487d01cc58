import type { TestEventPatternCommandInput, TestEventPatternCommandOutput } from '@aws-sdk/client-eventbridge';
import { validationError } from '../../errors.ts';
import { compileEventPattern, type EventMatcher, InvalidPattern } from '../../event-patterns/compile.ts';
import { isObject, type Json } from '../../event-patterns/json.ts';
import { operation } from '../../service.ts';
import { invalidPattern } from './errors.ts';

/** TestEventPattern (API Reference): what an event must have; it names `resources` too and does not ask for it. */
const required = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

export const testEventPattern = operation<TestEventPatternCommandInput, TestEventPatternCommandOutput>({
  demands: () => [{ action: 'events:TestEventPattern', resource: '*' }],
  run({ EventPattern = '', Event = '' }) {
    const matches = readPattern(EventPattern);
    const event = parseEvent(Event);
    if (!isObject(event) || required.some((name) => event[name] === undefined)) {
      throw validationError('Parameter Event is not valid.');
    }
    return { Result: matches(event) };
  },
});

/** Throws InvalidEventPatternException. */
export function readPattern(pattern: string): EventMatcher {
  try {
    return compileEventPattern(pattern);
  } catch (error) {
    if (error instanceof InvalidPattern) throw invalidPattern(error.message);
    throw error;
  }
}

function parseEvent(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
