import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** One line of a section: its key as written, its value with variables replaced. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** `[INPUT]` and what is indented below it. */
export interface Section {
  /** Upper case. */
  readonly kind: string;
  readonly entries: readonly Entry[];
  readonly file: string;
  readonly line: number;
}

/** What keeps Fluent Bit from starting: says where and what. */
export class ConfigurationError extends Error {
  constructor({ file, line }: { readonly file: string; readonly line: number }, problem: string) {
    super(`${file}:${line}: ${problem}`);
  }
}

export interface Files {
  /** Folder that stands for `/`. */
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a file of Fluent Bit's classic format and those it includes ("Format and schema", Fluent Bit manual, classic mode):
 * sections, indented keys and values, `#` comments, `@INCLUDE`, `@SET`, `${VARIABLES}`. Throws ConfigurationError.
 */
export function readConfiguration(file: string, files: Files): Section[] {
  const sections: Section[] = [];
  readInto(file, { file, line: 0 }, files, { sections, own: {} });
  return sections;
}

interface Reading {
  readonly sections: Section[];
  /** What @SET has set. */
  readonly own: Record<string, string>;
}

function readInto(file: string, from: { file: string; line: number }, files: Files, reading: Reading): void {
  const path = join(files.root, file);
  if (!existsSync(path)) throw new ConfigurationError(from, `the file ${file} is not there`);
  let current: { entries: Entry[] } | undefined;
  for (const [index, raw] of readFileSync(path, 'utf8').split('\n').entries()) {
    const at = { file, line: index + 1 };
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const section = /^\[([A-Za-z_]+)\]$/.exec(text)?.[1];
    const command = /^@(\w+)\s+(.+)$/.exec(text);
    if (section) {
      const opened = { kind: section.toUpperCase(), entries: [] as Entry[], ...at };
      reading.sections.push(opened);
      current = opened;
    } else if (command) {
      current = undefined;
      const [, name = '', argument = ''] = command;
      carryOut(name.toUpperCase(), expand(argument, files, reading), at, files, reading);
    } else {
      if (!current) throw new ConfigurationError(at, `'${text}' stands outside of a section`);
      const [, key = '', value = ''] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
      current.entries.push({ key, value: expand(value, files, reading), ...at });
    }
  }
}

function carryOut(
  name: string,
  argument: string,
  at: { file: string; line: number },
  files: Files,
  reading: Reading,
): void {
  if (name === 'INCLUDE') {
    readInto(isAbsolute(argument) ? argument : join(dirname(at.file), argument), at, files, reading);
  } else if (name === 'SET') {
    const [key = '', value = ''] = argument.split(/=(.*)/s);
    reading.own[key.trim()] = value.trim();
  } else throw new ConfigurationError(at, `@${name} is not known here; there are @INCLUDE and @SET`);
}

function expand(text: string, { variables }: Files, { own }: Reading): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => own[name] ?? variables[name] ?? '');
}
