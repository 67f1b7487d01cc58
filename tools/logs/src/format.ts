import { styleText } from 'node:util';
import type { Level, LogRecord, Source } from '@stackyard/log-records';

const colours: Readonly<Record<Level, Parameters<typeof styleText>[0]>> = {
  TRACE: 'dim',
  DEBUG: 'dim',
  INFO: 'green',
  WARN: 'yellow',
  ERROR: 'red',
  FATAL: 'magenta',
};

/** Sources whose records are what the function or service itself says. */
const speaks: readonly Source[] = ['function', 'container'];

/**
 * A record as a person reads it: time, level, who, the beginning of the request id, the message and what else the line said.
 * Coloured where `out` is a terminal that shows colours and NO_COLOR doesn't forbid them.
 */
export function formatRecord(record: LogRecord, out: NodeJS.WriteStream): string {
  const { time, level, source, requestId = '', message, attributes, part } = record;
  const style = (format: Parameters<typeof styleText>[0], text: string) => styleText(format, text, { stream: out });
  const name = record.function ?? record.service;
  const who = !name ? source : speaks.includes(source) ? name : `${name} (${source})`;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return [
    style('dim', time),
    style(colours[level], level.padEnd(5)),
    style('cyan', printable(who)),
    ...(requestId ? [style('dim', printable(requestId.slice(0, 8)))] : []),
    `${printable(text)}${part ? ` (part ${part.number} of ${part.count})` : ''}`,
    ...(attributes ? [style('dim', printable(JSON.stringify(attributes)))] : []),
  ].join(' ');
}

/** Control characters written out: what is logged must not steer the terminal of who reads it. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
