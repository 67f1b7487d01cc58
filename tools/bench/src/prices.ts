import { readFile } from 'node:fs/promises';

/** USD in us-east-1. */
export interface Prices {
  /** `2026-11-21` */
  readonly noted: string;
  readonly logsIngestionPerGb: number;
  readonly kinesisPerMillionUnits: number;
  readonly dynamodbPerMillionWrites: number;
  readonly dynamodbPerMillionReads: number;
  readonly valkeyPerGbHour: number;
  readonly valkeyPerMillionEcpus: number;
}

const page = new URL('../../../docs/prices.md', import.meta.url);

/** The prices of docs/prices.md. Throws when the page does not name one of them. */
export async function readPrices(): Promise<Prices> {
  const text = await readFile(page, 'utf8');

  function find(what: string, pattern: RegExp): string {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`docs/prices.md does not say ${what}`);
    return found;
  }

  return {
    noted: find('when its prices were noted', /noted (\d{4}-\d\d-\d\d)/),
    logsIngestionPerGb: Number(
      find('what CloudWatch Logs asks for ingestion', /CloudWatch Logs, ingestion [^|]*\| ([\d.]+) per GB/),
    ),
    kinesisPerMillionUnits: Number(
      find('what a million PUT payload units cost', /([\d.]+) per million PUT payload units/),
    ),
    dynamodbPerMillionWrites: Number(
      find('what a million write units cost', /([\d.]+) per million write request units/),
    ),
    dynamodbPerMillionReads: Number(find('what a million read units cost', /([\d.]+) per million read request units/)),
    valkeyPerGbHour: Number(find('what an hour of Valkey costs', /Serverless for Valkey \| ([\d.]+) per GB and hour/)),
    valkeyPerMillionEcpus: Number(find('what a million ECPUs of Valkey cost', /([\d.]+) per million ECPUs/)),
  };
}
