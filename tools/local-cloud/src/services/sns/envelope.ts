import type { Cloud } from '../../service.ts';
import { signatureOf, signerOf } from './signing.ts';
import type { Message, Protocol, Subscription } from './state.ts';

/** The text of a message for one protocol. */
export function bodyFor(protocol: Protocol, { body, bodies }: Message): string {
  return bodies?.[protocol] ?? body;
}

/** The members of a message's JSON, in AWS's order ("HTTP/HTTPS notification JSON format", Developer Guide). */
async function envelopeOf(cloud: Cloud, subscription: Subscription, message: Message) {
  const { type, token, signatureVersion, sequenceNumber } = message;
  const confirm = new URLSearchParams({
    Action: 'ConfirmSubscription',
    TopicArn: message.topicArn,
    Token: token ?? '',
  });
  const end = new URLSearchParams({ Action: 'Unsubscribe', SubscriptionArn: subscription.arn });
  const signer = await signerOf(cloud);
  const members = {
    Type: type,
    MessageId: message.id,
    ...(token !== undefined && { Token: token }),
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
    TopicArn: message.topicArn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: bodyFor(subscription.protocol, message),
    ...(token !== undefined && { SubscribeURL: `${cloud.endpoint}/?${confirm}` }),
    Timestamp: new Date(message.published).toISOString(),
  };
  return {
    ...members,
    // Messages of FIFO topics carry no signature.
    ...(sequenceNumber === undefined && {
      SignatureVersion: signatureVersion,
      Signature: signatureOf(signer, members, message),
      SigningCertURL: `${cloud.endpoint}${signer.path}`,
    }),
    ...(type === 'Notification' && { UnsubscribeURL: `${cloud.endpoint}/?${end}` }),
    ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: attributesOf(message) }),
  };
}

/** `{"Type": "Binary", "Value": "…"}`; binary values in base64. */
function attributesOf({ attributes }: Message): Record<string, { Type: string; Value: string }> {
  const entries = Object.entries(attributes).map(([name, { DataType = '', StringValue, BinaryValue }]) => {
    const value = BinaryValue ? Buffer.from(BinaryValue).toString('base64') : (StringValue ?? '');
    return [name, { Type: DataType, Value: value }] as const;
  });
  return Object.fromEntries(entries);
}

/** As AWS writes it: a member a line, ` : ` between name and value, attributes on a line each. */
export async function envelopeText(cloud: Cloud, subscription: Subscription, message: Message): Promise<string> {
  const members = Object.entries(await envelopeOf(cloud, subscription, message)).map(([name, value]) => {
    const text = typeof value === 'string' ? JSON.stringify(value) : nested(value as object);
    return `  ${JSON.stringify(name)} : ${text}`;
  });
  return `{\n${members.join(',\n')}\n}`;
}

function nested(attributes: object): string {
  const lines = Object.entries(attributes).map(
    ([name, value]) => `    ${JSON.stringify(name)} : ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n  }`;
}

/** What a function is invoked with ("Using AWS Lambda with Amazon SNS", Lambda Developer Guide). */
export async function lambdaEvent(cloud: Cloud, subscription: Subscription, message: Message): Promise<object> {
  const { SigningCertURL, UnsubscribeURL, MessageAttributes, Subject, ...rest } = await envelopeOf(
    cloud,
    subscription,
    message,
  );
  const Sns = {
    ...rest,
    Subject: Subject ?? null,
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
    MessageAttributes: MessageAttributes ?? {},
  };
  return {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns }],
  };
}
