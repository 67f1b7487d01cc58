import { readFileSync } from 'node:fs';
import { synthesised } from '@stackyard/cdk-core/testing';
import { expect, test } from 'vitest';
import { LogArchiveStack } from '../cdk/stack.ts';
import { archiveObjects } from '../src/archive-objects.ts';
import { json, shipped, streamRecord } from './events.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { template } = synthesised(LogArchiveStack, 'log-archive');
const [table] = Object.values(template.findResources('AWS::Glue::Table'));
const { TableInput } = table?.['Properties'] ?? {};
const schema = JSON.parse(read('../../../../docs/record-format.schema.json')) as {
  properties: Record<string, { type?: string; properties?: Record<string, unknown>; const?: unknown }>;
};
const columns = new Map<string, string>(
  TableInput.StorageDescriptor.Columns.map(({ Name, Type }: { Name: string; Type: string }) => [Name, Type]),
);

test('the table has a column for each member of a record', () => {
  expect([...columns.keys()]).toEqual(Object.keys(schema.properties).map((name) => name.toLowerCase()));
});

test('columns have the types of the members: structures where the format lists what is in them, text for any value', () => {
  for (const [name, member] of Object.entries(schema.properties)) {
    const type = columns.get(name.toLowerCase()) ?? '';
    if (member.properties) {
      const fields = [...type.matchAll(/(\w+):/g)].map((match) => match[1]);
      expect(fields, name).toEqual(Object.keys(member.properties).map((field) => field.toLowerCase()));
    } else if (member.type === 'integer' || typeof member.const === 'number') expect(type, name).toMatch(/int$/);
    else expect(type, name).toBe('string');
  }
});

test('the projected partitions are where the objects are', () => {
  const arrived = new Date('2026-01-02T03:04:05Z');
  const [key = ''] = archiveObjects([streamRecord(json(shipped(0)), '49', arrived)]).map((object) => object.key);
  const { Parameters } = TableInput;
  // CloudFormation joins the bucket's name and the rest.
  const [scheme, , rest] = Parameters['storage.location.template']['Fn::Join'][1];
  expect(scheme).toBe('s3://');
  expect(Parameters).toMatchObject({ 'projection.hour.digits': '2', 'projection.date.format': 'yyyy-MM-dd' });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own placeholders.
  const folder = rest.replace('/', '').replace('${date}', '2026-01-02').replace('${hour}', '03');
  expect(key.startsWith(folder)).toBe(true);
  expect(key.slice(folder.length)).not.toContain('/');
});
