import { lengthBetween, matches } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { validate } from './errors.ts';

export interface TableLocation {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export function tableArn({ account, region, name }: TableLocation): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${name}`;
}

export function streamArn(table: TableLocation, label: string): string {
  return `${tableArn(table)}/stream/${label}`;
}

/** Throws ValidationException for what can be no table's name. */
export function checkTableName(name: string | undefined): void {
  if (name !== undefined && /^[a-zA-Z0-9_.-]*$/.test(name) && (name.length < 3 || name.length > 255)) {
    throw validationError('TableName must be at least 3 characters long and at most 255 characters long');
  }
  validate(matches('tableName', name, '[a-zA-Z0-9_.-]+'), lengthBetween('tableName', name, 3, 255));
}

const arnPattern = /^arn:aws:dynamodb:([a-z0-9-]+):(\d{12}):table\/([a-zA-Z0-9_.-]{3,255})$/;

/** Where the table is that a TableName names: most operations take its ARN as well. Throws ValidationException. */
export function locate(name: string | undefined, call: Call): TableLocation {
  if (name?.startsWith('arn:')) return locateArn(name);
  checkTableName(name);
  return { account: call.account, region: call.region, name: name ?? '' };
}

/** The same where only an ARN will do. */
export function locateArn(arn: string): TableLocation {
  const [, region, account, name] = arnPattern.exec(arn) ?? [];
  if (!region || !account || !name) throw validationError(`Invalid ARN: ${arn} is not the ARN of a table`);
  return { account, region, name };
}
