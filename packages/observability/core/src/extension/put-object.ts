import { createAwsClient, reasonOf } from './aws-client.ts';
import type { Configuration, SecondDestination } from './configuration.ts';

export interface S3Client {
  /**
   * Writes an object and waits at most `timeoutMs`. Resolves with why it is not known to be there, or with nothing when it is.
   * Never rejects.
   */
  putObject(key: string, body: Buffer, timeoutMs: number): Promise<string | undefined>;
  close(): void;
}

export function createS3Client(
  { endpoint, path }: SecondDestination,
  access: Pick<Configuration, 'region' | 'credentials'>,
): S3Client {
  const client = createAwsClient('s3', endpoint, access);
  const headers = { 'content-type': 'application/gzip' };
  return {
    async putObject(key, body, timeoutMs) {
      try {
        const { status, text } = await client.send({ method: 'PUT', path: path + key, headers, body }, timeoutMs);
        // "Error responses", Amazon S3 API Reference.
        return status === 200 ? undefined : (/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `status ${status}`);
      } catch (error) {
        return reasonOf(error);
      }
    },
    close: () => client.close(),
  };
}
