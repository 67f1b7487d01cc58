/** A path an API knows. */
interface Known {
  readonly path: string;
}

export interface PathMatch<Resource> {
  readonly resource: Resource;
  /** Values of the path's variables, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The resource a request's path means: fixed segments before variables, variables before greedy ones, from the left. A
 * slash at the end does not count. Pure.
 */
export function matchResource<Resource extends Known>(
  resources: Iterable<Resource>,
  path: string,
): PathMatch<Resource> | undefined {
  const segments = segmentsOf(path);
  let best: { rank: string; match: PathMatch<Resource> } | undefined;
  for (const resource of resources) {
    const found = matchSegments(segmentsOf(resource.path), segments);
    if (!found || (best && best.rank <= found.rank)) continue;
    best = { rank: found.rank, match: { resource, parameters: found.parameters } };
  }
  return best?.match;
}

/** One character a segment: 0 fixed, 1 variable, 2 greedy. The smallest text is the closest match. */
function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): { rank: string; parameters: Record<string, string> } | undefined {
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, part] of pattern.entries()) {
    const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(part) ?? [];
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (name === undefined) {
      if (decoded(segment) !== part && segment !== part) return undefined;
      rank += '0';
    } else if (greedy) {
      parameters[name] = segments.slice(index).map(decoded).join('/');
      return { rank: `${rank}2`, parameters };
    } else {
      parameters[name] = decoded(segment);
      rank += '1';
    }
  }
  return pattern.length === segments.length ? { rank, parameters } : undefined;
}

function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
