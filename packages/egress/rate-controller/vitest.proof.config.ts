import { proofConfig } from '@stackyard/proof-kit/config';
import { defineConfig } from 'vitest/config';

export default defineConfig(proofConfig(['../partner']));
