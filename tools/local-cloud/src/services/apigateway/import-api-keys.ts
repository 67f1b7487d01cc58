import type { ApiKey, ImportApiKeysCommandInput, ImportApiKeysCommandOutput } from '@aws-sdk/client-api-gateway';
import { CsvError, parse } from 'csv-parse/sync';
import { type Call, operation } from '../../service.ts';
import { checkRoom, checkValue } from './api-keys.ts';
import { badRequest, found } from './errors.ts';
import { newId, stateOf } from './state.ts';
import { checkKeyInOnePlan } from './usage-plans.ts';

interface FileInput extends Omit<ImportApiKeysCommandInput, 'body'> {
  readonly body?: Uint8Array | undefined;
}

/**
 * Keys from a file ("API Gateway API key file format"): columns by their names, `Name` and `Key` at least. A key whose
 * value is there already takes over what the file says. With failOnWarnings nothing is imported when a line is wrong;
 * otherwise that line is left out, and the warnings say why.
 */
export const importApiKeys = operation<FileInput, ImportApiKeysCommandOutput>({
  run(input, call) {
    if (input.format !== 'csv') throw badRequest('Invalid format specified: csv is the only one');
    const ids: string[] = [];
    const warnings: string[] = [];
    const state = stateOf(call);
    const before = structuredClone({ apiKeys: state.apiKeys, usagePlans: state.usagePlans });
    const byValue = new Map([...state.apiKeys.values()].map((key) => [key.value ?? '', key]));
    for (const [index, row] of rowsOf(Buffer.from(input.body ?? '').toString()).entries()) {
      try {
        ids.push(imported(row, byValue, call));
      } catch (error) {
        warnings.push(`Line ${index + 2}: ${(error as Error).message}`);
      }
    }
    if (warnings.length > 0 && input.failOnWarnings) {
      restore(state.apiKeys, before.apiKeys);
      restore(state.usagePlans, before.usagePlans);
      throw badRequest(`No key was imported: ${warnings.join('; ')}`);
    }
    return { ids, warnings };
  },
});

type Row = Readonly<Record<string, string>>;

function rowsOf(text: string): readonly Row[] {
  try {
    const columns = (header: string[]) => header.map((name) => name.toLowerCase());
    const rows: Row[] = parse(text, { columns, bom: true, trim: true, skip_empty_lines: true });
    const [first] = rows;
    if (first && (first['name'] === undefined || first['key'] === undefined)) {
      throw badRequest('The file needs the columns Name and Key');
    }
    return rows;
  } catch (error) {
    throw error instanceof CsvError ? badRequest(`The file is not CSV: ${error.message}`) : error;
  }
}

function imported(row: Row, byValue: Map<string, ApiKey>, call: Call): string {
  const { apiKeys, usagePlans } = stateOf(call);
  const { name = '', key: value = '', description = '', enabled = '', usageplanids = '' } = row;
  const now = new Date(call.cloud.clock.now());
  checkValue(value);
  const known = byValue.get(value);
  if (!known) checkRoom(apiKeys);
  const id = known?.id ?? newId(10);
  const plans = usageplanids
    .split(',')
    .filter(Boolean)
    .map((plan) => found(usagePlans, plan.trim(), 'UsagePlan'));
  const key: ApiKey = {
    stageKeys: [],
    tags: {},
    createdDate: now,
    ...known,
    id,
    name,
    value,
    enabled: enabled === '' || enabled.toLowerCase() === 'true',
    lastUpdatedDate: now,
    ...(description && { description }),
  };
  for (const { settings } of plans) checkKeyInOnePlan(stateOf(call), settings, id);
  apiKeys.set(id, key);
  byValue.set(value, key);
  for (const { keys } of plans) {
    if (!keys.has(id)) keys.set(id, { periodStart: 0, used: 0, extension: 0, days: new Map() });
  }
  return id;
}

function restore<Value>(target: Map<string, Value>, before: ReadonlyMap<string, Value>): void {
  target.clear();
  for (const [id, value] of before) target.set(id, value);
}
