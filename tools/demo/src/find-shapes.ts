import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Shape } from './shape.ts';

/** Every pattern that takes part: a `demo.ts` in its folder is all it needs. */
export async function findShapes(workspace: string): Promise<Shape[]> {
  const files: string[] = [];
  for await (const file of glob('packages/*/*/demo.ts', { cwd: workspace })) files.push(file);
  const modules = await Promise.all(
    files.sort().map((file) => import(pathToFileURL(join(workspace, file)).href) as Promise<{ shape: Shape }>),
  );
  return modules.map(({ shape }) => shape);
}
