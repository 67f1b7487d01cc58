#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { runDocker } from './docker-commands.ts';
import { defaultImageStoreFolder, openImageStore } from './image-store.ts';

/** Stands in for the Docker CLI: `CDK_DOCKER=<this file>`. */
process.exitCode = await runDocker(process.argv.slice(2), openImageStore(defaultImageStoreFolder()), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  input: () => text(process.stdin),
  cwd: process.cwd(),
});
