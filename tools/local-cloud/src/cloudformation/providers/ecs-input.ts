/** Members that are maps of the user's own keys, which keep their letters. */
const maps = new Set(['Options', 'DockerLabels', 'DriverOpts', 'Labels']);

/** Properties as the ECS API names them: the same with a lower-case first letter, through all levels. */
// biome-ignore lint/suspicious/noExplicitAny: the shape goes out as it came in, only under other names.
export function lowerFirst(value: any): any {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.slice(0, 1).toLowerCase() + key.slice(1),
      maps.has(key) ? member : lowerFirst(member),
    ]),
  );
}
