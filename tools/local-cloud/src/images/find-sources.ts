import { readdirSync, realpathSync } from 'node:fs';
import { join, normalize, relative, sep } from 'node:path';
import { ImageError } from './oci.ts';

/**
 * The files and folders a COPY source names, relative to `root`, sorted. Each segment may be a pattern of Go's
 * filepath.Match, which is what Docker uses: `*`, `?`, `[a-z]`; dot files match, too. Throws ImageError for none.
 */
export function findSources(root: string, source: string): string[] {
  const path = normalize(join('/', source)).slice(1).replace(/\/$/, '');
  if (/^\.\.(\/|$)/.test(normalize(source))) throw new ImageError(`'${source}' is outside of the build context`);
  let found = [''];
  for (const segment of path === '' ? [] : path.split('/')) {
    const matches = patternOf(segment);
    found = found.flatMap((folder) =>
      entriesOf(join(root, folder))
        .filter(matches)
        .map((name) => join(folder, name)),
    );
  }
  if (found.length === 0) throw new ImageError(`'${source}' is not there`);
  for (const each of found) checkInside(root, each);
  return found.sort();
}

/** A link must not lead a build out of its context. */
function checkInside(root: string, path: string): void {
  const outside = relative(realpathSync(root), realpathSync(join(root, path)));
  if (outside === '..' || outside.startsWith(`..${sep}`))
    throw new ImageError(`'${path}' leads out of the build context`);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function patternOf(segment: string): (name: string) => boolean {
  if (!/[*?[\\]/.test(segment)) return (name) => name === segment;
  const source = segment.replace(/\\(.)|\[\^?[^\]]+\]|[*?]|[.+^${}()|[\]\\]/g, (token, escaped?: string) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return token.length > 1 ? token : escapeRegExp(token);
  });
  const pattern = new RegExp(`^${source}$`, 's');
  return (name) => pattern.test(name);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
