import { logger } from '@stackyard/handler-kit/logger';
import type { Format, LogRequest } from './log-request.ts';

const writers: Readonly<Record<Format, (line: string) => void>> = {
  json: (line) => logger.info(line),
  text: (line) => console.log(line),
  object: (line) => console.log({ line }),
};

/** Logs every line in the format asked for; returns how many. */
export function writeLines({ lines, format }: LogRequest): number {
  for (const line of lines) writers[format](line);
  return lines.length;
}

/**
 * Logs one line later, deliberately without anybody waiting: Lambda freezes the environment once it has the response, so the
 * line appears when the next request thaws it, and never if none comes.
 */
export function writeAfterResponse(scheduledBy: string, afterResponseMs: number): void {
  const scheduledAt = Date.now();
  setTimeout(() => {
    logger.info('after the response', { scheduledBy, afterResponseMs, elapsedMs: Date.now() - scheduledAt });
  }, afterResponseMs);
}
