import type { GetRepositoryPolicyCommandOutput } from '@aws-sdk/client-ecr';
import { AwsError } from '../../errors.ts';
import type { PolicyDocument, PolicyStatement } from '../../iam/policy-document.ts';
import { serviceCaller } from '../../iam/service-caller.ts';
import type { Call, Demand } from '../../service.ts';
import { policyOf, registryOf, repositoryArn } from '../ecr/state.ts';

interface ImageSource {
  /** The registry's. */
  readonly account: string;
  readonly repository: string;
  readonly functionArn: string;
}

const actions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] as const;

/**
 * "Create a Lambda function using a container image", Amazon ECR permissions: the repository's policy has to let Lambda read
 * it. Within one account Lambda adds that itself, with the rights of who calls it; across accounts the caller has to be
 * allowed to read, too. Throws AccessDeniedException.
 */
export async function checkImageAccess(source: ImageSource, call: Call): Promise<void> {
  const { cloud, caller, region } = call;
  const sameAccount = source.account === call.account;
  try {
    if (!sameAccount) cloud.authorize(caller, demandsOn(source, call), { region, service: 'ecr' });
    if (lambdaMayRead(source, call)) return;
    if (sameAccount) {
      await allowLambda(source.repository, call);
      return;
    }
  } catch (error) {
    // A repository that is not there gets its own message when the image is read.
    if (error instanceof AwsError && error.code === 'RepositoryNotFoundException') return;
    if (!(error instanceof AwsError)) throw error;
  }
  throw new AwsError(
    'AccessDeniedException',
    'Lambda does not have permission to access the ECR image. Check the ECR permissions.',
    { status: 403, members: { Type: 'User' } },
  );
}

function demandsOn({ account, repository }: ImageSource, { cloud, region }: Call): Demand[] {
  return actions.map((action) => ({
    action,
    resource: repositoryArn(account, region, repository),
    resourcePolicy: policyOf(registryOf(cloud, account, region).get(repository)),
  }));
}

function lambdaMayRead(source: ImageSource, call: Call): boolean {
  const lambda = serviceCaller('lambda.amazonaws.com', call.account, source.functionArn);
  try {
    call.cloud.authorize(lambda, demandsOn(source, call), { region: call.region, service: 'ecr' });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

async function allowLambda(repositoryName: string, { cloud, caller, region }: Call): Promise<void> {
  const as = { caller, region };
  const statement: PolicyStatement = {
    Sid: 'LambdaECRImageRetrievalPolicy',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: [...actions],
  };
  const Statement = [...(await statementsOf(repositoryName, { cloud, ...as })), statement];
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement } satisfies PolicyDocument);
  await cloud.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText }, as);
}

async function statementsOf(
  repositoryName: string,
  { cloud, ...as }: Pick<Call, 'cloud' | 'caller' | 'region'>,
): Promise<readonly PolicyStatement[]> {
  try {
    const output = await cloud.call<GetRepositoryPolicyCommandOutput>(
      'ecr',
      'GetRepositoryPolicy',
      { repositoryName },
      as,
    );
    const { Statement } = JSON.parse(output.policyText ?? '{"Statement":[]}') as PolicyDocument;
    return [Statement].flat();
  } catch (error) {
    if (error instanceof AwsError && error.code === 'RepositoryPolicyNotFoundException') return [];
    throw error;
  }
}
