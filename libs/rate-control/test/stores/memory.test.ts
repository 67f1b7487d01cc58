import { describe } from 'vitest';
import { memoryStore } from '../../src/index.ts';
import { storeContract } from './contract.ts';

describe('memory', () => {
  const store = memoryStore();
  storeContract(() => store);
});
