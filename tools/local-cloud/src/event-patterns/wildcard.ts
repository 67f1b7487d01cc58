import { InvalidPattern } from './json.ts';

/**
 * `*` stands for any characters, `\*` and `\\` for themselves; two `*` in a row are refused ("Wildcard matching",
 * EventBridge User Guide).
 */
export function wildcardOf(pattern: string): (text: string) => boolean {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < pattern.length; i += 1) {
    if (pattern[i] === '*') {
      if (pattern[i + 1] === '*') throw new InvalidPattern(`Consecutive wildcard characters at pos ${i + 1}`);
      parts.push(part);
      part = '';
      continue;
    }
    if (pattern[i] === '\\') {
      i += 1;
      if (pattern[i] !== '*' && pattern[i] !== '\\') throw new InvalidPattern(`Invalid escape character at pos ${i}`);
    }
    part += pattern[i];
  }
  parts.push(part);
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    let at = first.length;
    if (!text.startsWith(first)) return false;
    // The first place each part fits is the best: it leaves the most for those that follow.
    for (const part of others) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}
