import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** What of the extension's configuration and of its entries the client needs. */
interface Configuration {
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly streamName: string;
}

interface Entry {
  readonly partitionKey: string;
  readonly texts: readonly string[];
}

/** Stands in for the extension's own client in the variant that is built to be compared with: the AWS SDK's. */
export function createKinesisClient({ endpoint, region, credentials, streamName }: Configuration) {
  // HTTP/1.1, as the extension's own client: a session of HTTP/2 doesn't survive a freeze.
  const requestHandler = new NodeHttpHandler();
  const kinesis = new KinesisClient({ endpoint: endpoint.href, region, credentials, requestHandler });
  return {
    async putRecords(entries: readonly Entry[], timeoutMs: number) {
      const Records = entries.map(({ texts, partitionKey }) => ({
        Data: Buffer.from(texts.join('\n')),
        PartitionKey: partitionKey,
      }));
      try {
        const answer = await kinesis.send(new PutRecordsCommand({ StreamName: streamName, Records }), {
          abortSignal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
        });
        return { refused: entries.filter((_, i) => answer.Records?.[i]?.ErrorCode !== undefined) };
      } catch (error) {
        return { refused: entries, failure: { reason: (error as Error).message, passing: true } };
      }
    },
    close: () => kinesis.destroy(),
  };
}
