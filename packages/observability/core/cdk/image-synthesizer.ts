import { DefaultStackSynthesizer, type ISynthesisSession, type SynthesizeStackArtifactOptions } from 'aws-cdk-lib';
import { ArtifactType } from 'aws-cdk-lib/cloud-assembly-schema';
import type { ImageRepositoryStack } from './image-repository-stack.ts';

/**
 * Publishes a stack's image assets into the repository of another stack of the app.
 *
 * The CDK CLI builds all assets before it deploys the first stack, and looks into an image's repository before it builds: at a
 * first deployment there is none, and the CLI gives up with "No ECR repository named …". Assets whose manifest depends on a
 * stack are built after that stack (the way the app-staging-synthesizer of the CDK takes too).
 */
export class ImageSynthesizer extends DefaultStackSynthesizer {
  // No #private field: CDK binds a copy of the synthesizer whose prototype is this object.
  private readonly repository: ImageRepositoryStack;

  constructor(repository: ImageRepositoryStack) {
    super({ imageAssetsRepositoryName: repository.repositoryName });
    this.repository = repository;
  }

  protected override emitArtifact(session: ISynthesisSession, options: SynthesizeStackArtifactOptions = {}): void {
    for (const manifest of options.additionalDependencies ?? []) {
      session.assembly.addArtifact(manifest, {
        type: ArtifactType.ASSET_MANIFEST,
        properties: {
          file: `${manifest}.json`,
          requiresBootstrapStackVersion: options.requiresBootstrapStackVersion,
          bootstrapStackVersionSsmParameter: options.bootstrapStackVersionSsmParameter,
        },
        dependencies: [this.repository.artifactId],
      });
    }
    super.emitArtifact(session, options);
  }
}
