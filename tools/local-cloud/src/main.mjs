#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Everything else is imported after this line, so that it comes compiled and without its types from the last start. This
// file is JavaScript for the same reason: who never takes types away never loads what takes them away.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled'));
await import('./command.ts');
