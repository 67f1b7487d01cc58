import { fileURLToPath } from 'node:url';
import { defaultRegion, rootCredentials } from '@stackyard/local-cloud';
import { type StartedProcess, start } from '../processes.ts';

const sources = import.meta.resolve('@stackyard/local-cloud');

/** A file of the embedded cloud, relative to its sources. */
export const cloudFile = (path: string) => fileURLToPath(new URL(path, sources));

export interface CloudProcess extends StartedProcess {
  readonly endpoint: string;
  /** What an SDK client of this cloud is made with. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: typeof rootCredentials;
  };
}

/** Starts the embedded cloud as `pnpm cloud` does, on a free port, and resolves when it says that it is ready. */
export async function startCloudProcess(): Promise<CloudProcess> {
  const cloud = start(process.execPath, [cloudFile('main.mjs'), '--port', '0']);
  const [, endpoint = ''] = await cloud.prints(/ready on (http:\/\/\S+?)\.\s/);
  return { ...cloud, endpoint, client: { endpoint, region: defaultRegion, credentials: rootCredentials } };
}

/** Runs `work` with a cloud of its own. */
export async function withCloud<Result>(work: (cloud: CloudProcess) => Promise<Result>): Promise<Result> {
  const cloud = await startCloudProcess();
  try {
    return await work(cloud);
  } finally {
    await cloud.kill('SIGTERM');
  }
}
