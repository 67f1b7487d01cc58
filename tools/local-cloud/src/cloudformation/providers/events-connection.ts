import type { DescribeConnectionCommandOutput } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { unlessGone, until } from './calls.ts';

export const eventsConnection: ResourceProvider = {
  type: 'AWS::Events::Connection',
  properties: ['AuthorizationType', 'AuthParameters', 'Description', 'KmsKeyIdentifier', 'Name'],
  async create(request) {
    const Name = request.properties['Name'] ?? physicalName(request, { longest: 64 });
    await request.call('events', 'CreateConnection', { Name, ...settingsOf(request.properties) });
    request.created(Name);
    return authorized(request, Name);
  },
  async update(request) {
    const { physicalId: Name } = request;
    await request.call('events', 'UpdateConnection', { Name, Description: '', ...settingsOf(request.properties) });
    return authorized(request, Name);
  },
  async delete({ call, physicalId: Name }) {
    await unlessGone(['ResourceNotFoundException'], () => call('events', 'DeleteConnection', { Name }));
  },
};

function settingsOf({ AuthorizationType, AuthParameters, Description, KmsKeyIdentifier }: Properties): object {
  return { AuthorizationType, AuthParameters, ...(Description && { Description }), KmsKeyIdentifier };
}

/** The connection, once it is authorized. Throws when that fails. */
async function authorized(request: ResourceRequest, Name: string): Promise<ResourceResult> {
  let connection: DescribeConnectionCommandOutput | undefined;
  await until(request, async () => {
    connection = await request.call<DescribeConnectionCommandOutput>('events', 'DescribeConnection', { Name });
    return connection.ConnectionState !== 'AUTHORIZING';
  });
  const { ConnectionArn: Arn = '', SecretArn, ConnectionState, StateReason } = connection ?? {};
  if (ConnectionState !== 'AUTHORIZED') {
    throw new AwsError('NotStabilized', `Connection ${Name} is ${ConnectionState}: ${StateReason}`);
  }
  return { physicalId: Name, attributes: { Arn, ArnForPolicy: withoutId(Arn), SecretArn } };
}

/** What `ArnForPolicy` says: the ARN without the id it ends with. */
export function withoutId(arn: string): string {
  return arn.replace(/\/[^/]+$/, '');
}
