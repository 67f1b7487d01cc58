import { rm } from 'node:fs/promises';
import { type BuildOptions, build } from 'esbuild';

export interface Bundles {
  /** Output file without extension, relative to `outdir` → source file. */
  readonly entries: Readonly<Record<string, string>>;
  /** Emptied first. */
  readonly outdir: string;
}

// A bundled CommonJS dependency may call require() for one of Node's own modules; an ES module has none.
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  minify: true,
  // Error names and function names reach logs.
  keepNames: true,
  sourcemap: 'linked',
  // Stack traces need positions and names; the sources themselves would only make the package bigger.
  sourcesContent: false,
  banner: { js: requireBanner },
  legalComments: 'none',
  logLevel: 'warning',
  // A tsconfig.json somewhere above the workspace must not change what is built.
  tsconfigRaw: {},
};

/**
 * Bundles each entry with everything it imports, AWS SDK clients included, into one minified ES module `<name>.mjs` and its
 * source map. The same sources give the same bytes, so an asset's hash, and with it a deployment, changes only with them.
 */
export async function bundle({ entries, outdir }: Bundles): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await build({ ...options, entryPoints: { ...entries }, outdir });
}
