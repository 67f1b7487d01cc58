import { dynamodb as service } from '../src/services/dynamodb/service.ts';
import type { Contract } from './contract.ts';
import { accessClaims } from './dynamodb-access.ts';
import { expressionClaims } from './dynamodb-expressions.ts';
import { itemClaims } from './dynamodb-items.ts';
import { queryClaims } from './dynamodb-queries.ts';
import { streamClaims } from './dynamodb-streams.ts';
import { tableSettingClaims } from './dynamodb-table-settings.ts';
import { tableClaims } from './dynamodb-tables.ts';
import { throughputClaims } from './dynamodb-throughput.ts';
import { transactionClaims } from './dynamodb-transactions.ts';

export const dynamodb: Contract = {
  service,
  claims: [
    ...tableClaims,
    ...tableSettingClaims,
    ...itemClaims,
    ...transactionClaims,
    ...queryClaims,
    ...expressionClaims,
    ...accessClaims,
    ...streamClaims,
    ...throughputClaims,
  ],
};
