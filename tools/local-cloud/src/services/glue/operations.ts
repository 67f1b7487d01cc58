import { databaseOperations } from './databases.ts';
import { tableOperations } from './tables.ts';

export const operations = { ...databaseOperations, ...tableOperations };
