import { startCloud } from './cloud.ts';

/** The keys of the default account's root, as `pnpm cloud` prints them. Loopback only: they open nothing else. */
export const rootCredentials = { accessKeyId: 'test', secretAccessKey: 'test' };
export const defaultRegion = 'us-east-1';

interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
}

/** A cloud of its own on a free port, for one test file. */
export async function startTestCloud() {
  const lines: string[] = [];
  const running = await startCloud({ port: 0, log: (line) => lines.push(line) });
  return {
    ...running,
    /** What the cloud logged so far. */
    lines,
    /** An SDK client of this cloud, without retries so that each error is seen: `client(KinesisClient)`. */
    client<Client>(type: new (config: ClientConfig) => Client, config: Partial<ClientConfig> = {}): Client {
      return new type({
        endpoint: running.endpoint,
        region: defaultRegion,
        credentials: rootCredentials,
        maxAttempts: 1,
        ...config,
      });
    },
  };
}
