import type { RawRequest } from '../service.ts';

/**
 * Service and region as the request's credential scope names them, before anything is verified:
 * `Credential=AKID/20260101/us-east-1/kinesis/aws4_request` in the header, or `X-Amz-Credential` in a pre-signed URL.
 */
export function credentialScope(request: RawRequest): { service: string; region: string } | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const [, , region, service] = (header ?? request.query.get('X-Amz-Credential') ?? '').split('/').slice(-5);
  return region && service ? { region, service } : undefined;
}
