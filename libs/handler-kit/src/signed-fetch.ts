import { AwsClient } from 'aws4fetch';

/** `fetch`, signed with the function's own credentials: for function URLs and APIs that ask for AWS_IAM. Never retries. */
export function signedFetch(service: 'lambda' | 'execute-api'): typeof fetch {
  return async (input, init) => {
    // Lambda renews the credentials of an environment: they are read with every call.
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = process.env;
    const signer = new AwsClient({
      accessKeyId: AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
      ...(AWS_REGION && { region: AWS_REGION }),
      service,
      retries: 0,
    });
    const signal = input instanceof Request ? input.signal : init?.signal;
    return fetch(await signer.sign(input, init), signal ? { signal } : {});
  };
}
