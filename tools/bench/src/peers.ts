import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * What others use in place of the embedded cloud. They are no dependencies of the workspace: 300 MB nobody needs who doesn't compare.
 * serverless 3 is the last version that runs without an account.
 */
const versions = {
  'kinesis-local': '0.6.2',
  kinesalite: '3.3.3',
  serverless: '3.40.0',
  'serverless-offline': '13.9.0',
};

const folder = fileURLToPath(new URL('../.stackyard/peers', import.meta.url));

/** The folder of the installed peers' packages. Installs them with npm the first time, which takes a minute. */
export async function installedPeers(say: (progress: string) => void): Promise<string> {
  const modules = join(folder, 'node_modules');
  const manifest = JSON.stringify({ private: true, dependencies: versions });
  // Written last: an installation that was interrupted is done again.
  const complete = join(folder, `complete-${Buffer.from(manifest).toString('base64url').slice(-40)}`);
  try {
    await access(complete);
  } catch {
    say('installing kinesis-local, kinesalite and serverless-offline');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), manifest);
    // Their install scripts only build native parts that have a substitute in JavaScript.
    const options = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
    const path = `${process.env['PATH']}:${dirname(process.execPath)}`;
    await promisify(execFile)('npm', options, { cwd: folder, env: { ...process.env, PATH: path } });
    await writeFile(complete, '');
  }
  return modules;
}
