import type { FunctionConfiguration, ListVersionsByFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { PlainFailure } from '../failure-reason.ts';
import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { provision } from './lambda-provisioned-concurrency.ts';

export const lambdaVersion: ResourceProvider = {
  type: 'AWS::Lambda::Version',
  properties: ['CodeSha256', 'Description', 'FunctionName', 'ProvisionedConcurrencyConfig'],
  async create(request) {
    const existing = await versionsOf(request);
    const { ProvisionedConcurrencyConfig, ...input } = request.properties;
    const version = await request.call<FunctionConfiguration>('lambda', 'PublishVersion', input);
    const { Version = '', FunctionArn = '' } = version;
    if (existing.includes(Version)) {
      throw new PlainFailure(
        `A version for this Lambda function exists ( ${Version} ). Modify the function to create a new version.`,
      );
    }
    request.created(FunctionArn);
    if (ProvisionedConcurrencyConfig) await provision(request, Version);
    return { physicalId: FunctionArn, attributes: { Version, FunctionArn } };
  },
  async update(request) {
    const { physicalId, attributes } = request;
    await provision(request, String(attributes['Version']));
    return { physicalId, attributes };
  },
  async delete(request) {
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteFunction', { FunctionName: request.physicalId }),
    );
  },
};

async function versionsOf(request: ResourceRequest): Promise<(string | undefined)[]> {
  const { FunctionName } = request.properties;
  const versions: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const input = { FunctionName, ...(Marker && { Marker }) };
    const page = await request.call<ListVersionsByFunctionCommandOutput>('lambda', 'ListVersionsByFunction', input);
    versions.push(...(page.Versions ?? []).map(({ Version }) => Version));
    Marker = page.NextMarker;
  } while (Marker);
  return versions;
}
