import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Schema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Schema & { readonly enum?: readonly unknown[] }>>;
}

export const schema = JSON.parse(
  readFileSync(new URL('../../../docs/record-format.schema.json', import.meta.url), 'utf8'),
) as Schema;

/** Whether a value, as JSON has it, is a record by the published schema. */
export const isRecord = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);
