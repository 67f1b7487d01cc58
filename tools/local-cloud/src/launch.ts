import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defaultRegion, rootCredentials } from './testing.ts';

export interface LaunchedCloud {
  readonly endpoint: string;
  /** What a process needs in its environment to use this cloud: endpoint, keys, region. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the cloud as Ctrl-C does and resolves when its process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded cloud as a process of its own, on any free port unless one is given, and resolves when it is ready.
 * Rejects with what the cloud said when it does not start (a taken port, for one).
 */
export async function launchCloud(options: { port?: number } = {}): Promise<LaunchedCloud> {
  const main = fileURLToPath(new URL('main.mjs', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', String(options.port ?? 0)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C in a terminal reaches the whole process group; the cloud is stopped by whoever launched it, once.
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-10_000);
  });
  const gone = once(child, 'exit');
  // Whatever ends the launching process, the cloud does not outlive it.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);

  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /ready on (http:\/\/\S+?)\.(\s|$)/.exec(line)?.[1];
      if (found) resolve(found);
    });
    gone.then(() => reject(new Error(`The embedded cloud did not start: ${said.trim()}`)), reject);
  });
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: rootCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: rootCredentials.secretAccessKey,
      AWS_REGION: defaultRegion,
      // What version 1 of the AWS CLI reads.
      AWS_DEFAULT_REGION: defaultRegion,
      // Profiles and session tokens of the developer's own would win over the keys above, or be sent along.
      AWS_PROFILE: '',
      AWS_SESSION_TOKEN: '',
    },
    async stop() {
      process.off('exit', end);
      child.kill('SIGTERM');
      await gone;
    },
  };
}
