import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { DefaultStackSynthesizer, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

/** What a push needs: the actions that CDK's bootstrap template gives its image-publishing role on its own repository. */
const pushActions = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/**
 * The repository of the base image: a stack of its own, because the image has to be published before the stack that refers to
 * it is deployed.
 */
export class ImageRepositoryStack extends EnforcedStack {
  readonly repositoryName: string;

  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    const { stage, context, usage } = props.contextVariables;
    super(scope, id, { stackName: `${stage}-${context}-image-repository`, ...props });
    // The name itself and not a reference to it: the CDK CLI needs it to push.
    this.repositoryName = settings(this.contextVariables).repositoryName;
    const repository = new Repository(this, 'BaseImage', {
      repositoryName: this.repositoryName,
      // Tags are content hashes: one never means another image.
      imageTagMutability: TagMutability.IMMUTABLE,
      // CDK empties a repository only where it is told to delete it.
      ...(usage === 'PRODUCTION' ? {} : { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }),
    });
    repository.addToResourcePolicy(new PolicyStatement({ principals: [this.#imagePublisher()], actions: pushActions }));
  }

  /** The role the CDK CLI pushes image assets with; the bootstrap lets it push into the bootstrap's repository only. */
  #imagePublisher(): ArnPrincipal {
    const qualifier = this.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    return new ArnPrincipal(
      Fn.sub(DefaultStackSynthesizer.DEFAULT_IMAGE_ASSET_PUBLISHING_ROLE_ARN, { Qualifier: qualifier }),
    );
  }
}
