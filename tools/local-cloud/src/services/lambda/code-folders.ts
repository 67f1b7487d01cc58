import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { imageRoot } from '../../images/image-root.ts';
import { relocateScripts } from '../../lambda-environment/relocate-scripts.ts';
import type { Cloud } from '../../service.ts';
import { type CodePackage, type FunctionVersion, isImage } from './state.ts';
import { unzip } from './unzip.ts';

export interface Roots {
  /** Stands for `/var/task`. */
  readonly taskRoot: string;
  /** Stands for `/opt`. */
  readonly optRoot: string;
}

/** Folders with a version's files, unpacked once for all environments with the same code. */
export interface CodeFolders {
  /** `imageRoot` stands for `/` of an image. */
  foldersOf(version: FunctionVersion): Promise<Roots & { imageRoot?: string }>;
}

export function createCodeFolders(cloud: Cloud): CodeFolders {
  const unpacked = new Map<string, Promise<string>>();
  const relocated = new Map<string, Promise<void>>();

  /** Once for each folder, before anything runs out of it. */
  async function relocate(optRoot: string): Promise<void> {
    const done = relocated.get(optRoot) ?? relocateScripts(optRoot);
    relocated.set(optRoot, done);
    await done;
  }

  /** Unpacks the packages over each other, in their order. */
  function folder(kind: 'task' | 'opt', packages: readonly CodePackage[]): Promise<string> {
    const hash = createHash('sha256')
      .update(packages.map(({ sha256 }) => sha256).join())
      .digest('hex');
    const path = join(cloud.scratch, 'lambda', kind, hash);
    const ready = unpacked.get(path) ?? unpack(path, packages);
    unpacked.set(path, ready);
    ready.catch(() => unpacked.delete(path));
    return ready;
  }

  return {
    async foldersOf({ code, layerCode }) {
      if (isImage(code)) {
        const { root } = await imageRoot(cloud, code.resolvedUri);
        await relocate(join(root, 'opt'));
        return { taskRoot: join(root, 'var/task'), optRoot: join(root, 'opt'), imageRoot: root };
      }
      const [taskRoot, optRoot] = await Promise.all([folder('task', [code]), folder('opt', layerCode)]);
      await relocate(optRoot);
      return { taskRoot, optRoot };
    },
  };
}

async function unpack(path: string, packages: readonly CodePackage[]): Promise<string> {
  await mkdir(path, { recursive: true });
  for (const { zip } of packages) await unzip(zip, path);
  return path;
}
