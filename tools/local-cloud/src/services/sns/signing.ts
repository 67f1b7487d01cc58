import { createHash, createSign } from 'node:crypto';
import type { Cloud } from '../../service.ts';
import type { Message } from './state.ts';

/** What signs a cloud's messages, and where the certificate to check them with is. */
interface Signer {
  readonly privateKey: string;
  /** PEM. */
  readonly certificate: string;
  /** `/SimpleNotificationService-….pem` */
  readonly path: string;
}

const signers = new WeakMap<Cloud, Promise<Signer>>();

/** Made at the first message: a key pair takes a moment. */
export function signerOf(cloud: Cloud): Promise<Signer> {
  const signer = signers.get(cloud) ?? createSigner();
  signers.set(cloud, signer);
  return signer;
}

async function createSigner(): Promise<Signer> {
  const { generate } = await import('selfsigned');
  const name = [{ name: 'commonName', value: 'sns.amazonaws.com' }];
  const { private: privateKey, cert: certificate } = await generate(name, { keySize: 2048, algorithm: 'sha256' });
  const id = createHash('md5').update(certificate).digest('hex');
  return { privateKey, certificate, path: `/SimpleNotificationService-${id}.pem` };
}

/** The members that are signed, in order ("Verifying the signatures of Amazon SNS messages", Developer Guide). */
const signed = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** Signature of a message's members: version 1 is RSA with SHA-1, version 2 with SHA-256. Base64. */
export function signatureOf(
  signer: Signer,
  members: Readonly<Record<string, unknown>>,
  { type, signatureVersion }: Pick<Message, 'type' | 'signatureVersion'>,
): string {
  const text = signed[type]
    .filter((name) => members[name] !== undefined && members[name] !== null)
    .map((name) => `${name}\n${members[name]}\n`)
    .join('');
  return createSign(signatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1')
    .update(text)
    .sign(signer.privateKey, 'base64');
}
