import { crypto } from './built-in.ts';
import type { Credentials } from './configuration.ts';

export interface RequestToSign {
  readonly method: string;
  /** Encoded already. */
  readonly path: string;
  readonly host: string;
  /** All other headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly region: string;
  readonly service: string;
  readonly credentials: Credentials;
  readonly now: Date;
}

/**
 * Headers of a request with AWS Signature Version 4 ("Create a signed AWS API request", IAM User Guide): those given, and the
 * date, the session token, for S3 the body's hash, and the signature over all of them.
 */
export function sign(request: RequestToSign): Record<string, string> {
  const { method, path, host, body, region, service, credentials, now } = request;
  const bodyHash = sha256(body);
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host,
    'x-amz-date': time,
    ...(service === 's3' ? { 'x-amz-content-sha256': bodyHash } : {}),
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonicalHeaders = names.map((name) => `${name}:${canonicalValue(headers[name] as string)}\n`).join('');
  const canonicalRequest = [method, path, '', canonicalHeaders, signedHeaders, bodyHash].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonicalRequest)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = crypto().createHmac('sha256', key).update(stringToSign).digest('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return headers;
}

function canonicalValue(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}

function sha256(data: string | Buffer): string {
  return crypto().createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return crypto().createHmac('sha256', key).update(text).digest();
}
