import type { Credentials as CredentialsOutput } from '@aws-sdk/client-sts';
import type { Credentials } from '../../service.ts';

export function credentialsOutput(credentials: Required<Credentials>): CredentialsOutput {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiration,
  };
}
