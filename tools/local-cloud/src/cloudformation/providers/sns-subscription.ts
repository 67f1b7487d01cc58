import type { GetSubscriptionAttributesCommandOutput, SubscribeCommandOutput } from '@aws-sdk/client-sns';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, policyText, unlessGone } from './calls.ts';

/** Properties that are attributes of the subscription: as JSON, or as text. */
const json = ['DeliveryPolicy', 'FilterPolicy', 'RedrivePolicy'];
/** The scope comes first: it decides which filter policies are allowed. */
const attributeNames = ['FilterPolicyScope', ...json, 'RawMessageDelivery'];

export const snsSubscription: ResourceProvider = {
  type: 'AWS::SNS::Subscription',
  properties: [...attributeNames, 'Endpoint', 'Protocol', 'Region', 'TopicArn'],
  async create(request) {
    const { TopicArn, Protocol, Endpoint } = request.properties;
    checkRegion(request);
    const input = { TopicArn, Protocol, Endpoint, Attributes: attributes(request.properties) };
    const { SubscriptionArn = '' } = await request.call<SubscribeCommandOutput>('sns', 'Subscribe', {
      ...input,
      ReturnSubscriptionArn: true,
    });
    return resultOf(SubscriptionArn);
  },
  async update(request) {
    const { physicalId: SubscriptionArn, properties, previous, call } = request;
    checkRegion(request);
    const [now, before] = [attributes(properties), attributes(previous)];
    for (const AttributeName of attributeNames) {
      if (now[AttributeName] === before[AttributeName]) continue;
      const AttributeValue = now[AttributeName] ?? defaults[AttributeName] ?? '';
      await call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
    }
    return resultOf(SubscriptionArn);
  },
  async delete({ physicalId: SubscriptionArn, call }) {
    await unlessGone(['NotFound'], () => call('sns', 'Unsubscribe', { SubscriptionArn }));
  },
  async read({ physicalId: SubscriptionArn, call }) {
    const found = await ifThere(['NotFound'], () =>
      call<GetSubscriptionAttributesCommandOutput>('sns', 'GetSubscriptionAttributes', { SubscriptionArn }),
    );
    if (!found?.Attributes) return undefined;
    const { Attributes } = found;
    const parsed = json.map((name) => [name, Attributes[name] && JSON.parse(Attributes[name])]);
    const properties = {
      ...Object.fromEntries(parsed),
      Endpoint: Attributes['Endpoint'],
      FilterPolicyScope: Attributes['FilterPolicyScope'],
      Protocol: Attributes['Protocol'],
      RawMessageDelivery: Attributes['RawMessageDelivery'] === 'true' ? true : undefined,
      TopicArn: Attributes['TopicArn'],
    };
    return { ...resultOf(SubscriptionArn), properties };
  },
};

const defaults: Readonly<Record<string, string>> = {
  FilterPolicyScope: 'MessageAttributes',
  RawMessageDelivery: 'false',
};

function attributes(properties: Properties): Record<string, string> {
  const given = attributeNames.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [name, json.includes(name) ? policyText(properties[name]) : String(properties[name])]),
  );
}

/** A subscription is made where the topic is; the stack's calls go to the stack's region. */
function checkRegion({ properties, region }: ResourceRequest): void {
  const wanted = properties['Region'];
  if (wanted === undefined || wanted === region) return;
  throw new Error(
    `Region ${wanted} is not the stack's region ${region}: deploy the subscription in the topic's region.`,
  );
}

function resultOf(SubscriptionArn: string): ResourceResult {
  return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
}
