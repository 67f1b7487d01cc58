import { Agent, request } from 'node:http';
import { AwsClient } from 'aws4fetch';
import type { CloudProcess } from './cloud-process.ts';

/**
 * The Invoke call of a function that answers its event, signed once and sent over one connection: the client's own work is no
 * part of a measurement. Rejects for any other answer.
 */
export async function signedInvoke(
  { endpoint, client }: Pick<CloudProcess, 'endpoint' | 'client'>,
  functionName: string,
  event: string,
): Promise<() => Promise<void>> {
  const url = `${endpoint}/2015-03-31/functions/${functionName}/invocations`;
  const { credentials, region } = client;
  const signed = await new AwsClient({ ...credentials, region, service: 'lambda' }).sign(url, {
    method: 'POST',
    body: event,
    headers: { 'content-type': 'application/json' },
  });
  const headers = Object.fromEntries(signed.headers);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => (body === event ? resolve() : reject(new Error(`Invoke answered ${body}`))));
      });
      sent.on('error', reject);
      sent.end(event);
    });
}
