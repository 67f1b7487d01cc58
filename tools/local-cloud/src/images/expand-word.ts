/**
 * A word of a Dockerfile as Docker reads it: `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+alternative}` replaced
 * ("Dockerfile reference", Environment replacement), quotes and backslashes taken off. Unknown names become empty; nothing
 * in single quotes is replaced.
 */
export function expandWord(text: string, variables: Readonly<Record<string, string>>): string {
  const tokens = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\$\{\w+(?::[-+][^}]*)?\}|\$\w+)/gs;
  return text.replace(tokens, (_, single?: string, double?: string, escaped?: string, variable?: string) => {
    if (variable !== undefined) return variableValue(variable, variables);
    if (double === undefined) return single ?? escaped ?? '';
    const inner = /\\(["\\$])|(\$\{\w+(?::[-+][^}]*)?\}|\$\w+)/g;
    return double.replace(
      inner,
      (_match, kept?: string, name?: string) => kept ?? variableValue(name ?? '', variables),
    );
  });
}

function variableValue(reference: string, variables: Readonly<Record<string, string>>): string {
  const [, name = '', operator, word = ''] = /^\$\{?(\w+)(?::([-+])([^}]*))?\}?$/s.exec(reference) ?? [];
  const value = variables[name] ?? '';
  if (operator === '-') return value === '' ? expandWord(word, variables) : value;
  if (operator === '+') return value === '' ? '' : expandWord(word, variables);
  return value;
}
