import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';

/** `fetch`, signed for a service with the credentials that the SDK clients use too. Never retries. */
export async function signedFetch(url: string, init: RequestInit = {}, service = 'lambda'): Promise<Response> {
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
  return signer.fetch(url, init);
}
