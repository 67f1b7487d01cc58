import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unsupported } from './errors.ts';

/** A program of an image that Node runs. */
export interface ContainerProgram {
  readonly nodeArguments: readonly string[];
  /** WORKDIR. */
  readonly folder: string;
}

/** What the entry point of Docker's Node images does: words that are no program are arguments of `node`. */
const nodeEntryPoint = 'docker-entrypoint.sh';

/** Throws NotImplementedException for what is no program for Node: the machine's Node is the only program there is. */
export function containerProgram(
  entryPoint: readonly string[],
  command: readonly string[],
  folder: string,
): ContainerProgram {
  const usesNodeImage = entryPoint.length === 1 && entryPoint[0] === nodeEntryPoint;
  const words = usesNodeImage ? command : [...entryPoint, ...command];
  const [program = '', ...rest] = words;
  if (program === 'node' || program === '/usr/local/bin/node') return { nodeArguments: rest, folder };
  if (usesNodeImage && /^-|\.[cm]?js$/.test(program)) return { nodeArguments: words, folder };
  throw unsupported(
    `an image that starts ${JSON.stringify(words)}; it starts a handler in images based on public.ecr.aws/lambda/nodejs:24, and in others a program by ["node", "<file>"]`,
  );
}

/** The same program where the image's files are here. */
export function locatedIn(root: string, { nodeArguments, folder }: ContainerProgram): ContainerProgram {
  const located = (word: string) => (word.startsWith('/') && existsSync(join(root, word)) ? join(root, word) : word);
  return { nodeArguments: nodeArguments.map(located), folder: join(root, folder) };
}
