export { decode } from './decode.ts';
export { createPartJoiner, type PartJoiner } from './join-parts.ts';
export { type Level, levels } from './levels.ts';
export { identityOf, type LogEventReference, type LogRecord, type Part, type Source, sources } from './record.ts';
