import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';

/** Beyond it a signature is refused ("Elements of an AWS API request signature": 15 minutes); SDK clients correct from here. */
const mostSkewMs = 4 * 60_000;

/** How far the cloud's clock is ahead of this machine's, as its last refusal told. */
let skewMs = 0;

/**
 * `fetch`, signed for a service with the credentials that the SDK clients use too. Never retries, unless the machine's clock is
 * wrong: then it signs by the cloud's, as SDK clients do.
 */
export async function signedFetch(url: string, init: RequestInit = {}, service = 'lambda'): Promise<Response> {
  const response = await signAndFetch(url, init, service);
  if (response.status !== 403) return response;
  const now = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(now) || Math.abs(now - Date.now() - skewMs) < mostSkewMs) return response;
  skewMs = now - Date.now();
  return signAndFetch(url, init, service);
}

async function signAndFetch(url: string, init: RequestInit, service: string): Promise<Response> {
  const { config } = new CloudFormationClient({});
  const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
  const signer = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    service,
    region: await config.region(),
    retries: 0,
  });
  const datetime = new Date(Date.now() + skewMs).toISOString().replace(/[:-]|\.\d{3}/g, '');
  return signer.fetch(url, { ...init, aws: { datetime } });
}
