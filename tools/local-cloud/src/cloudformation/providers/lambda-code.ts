import { strToU8, zipSync } from 'fflate';
import type { Properties } from '../provider.ts';

/** A function's code as the API takes it; source written into the template becomes an archive with one `index` file. */
export function codeOf(code: Properties, runtime: string | undefined): object {
  const { ZipFile, ...located } = code;
  if (ZipFile === undefined) return located;
  // "ZipFile", AWS::Lambda::Function Code: Node.js and Python only.
  const file = runtime?.startsWith('python') ? 'index.py' : runtime?.startsWith('nodejs') ? 'index.js' : undefined;
  if (!file)
    throw new Error(`ZipFile can only be used when Runtime is set to a Node.js or Python runtime, not ${runtime}`);
  return { ZipFile: zipSync({ [file]: strToU8(ZipFile) }) };
}
