/** Whether a parameter lies in a path: directly in it, or anywhere below it when `recursive`. */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  const full = name.startsWith('/') ? name : `/${name}`;
  return full.startsWith(folder) && (recursive || !full.slice(folder.length).includes('/'));
}
