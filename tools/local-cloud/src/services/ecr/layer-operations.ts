import type {
  BatchCheckLayerAvailabilityCommandInput,
  BatchCheckLayerAvailabilityCommandOutput,
  CompleteLayerUploadCommandInput,
  CompleteLayerUploadCommandOutput,
  InitiateLayerUploadCommandInput,
  InitiateLayerUploadCommandOutput,
  UploadLayerPartCommandInput,
  UploadLayerPartCommandOutput,
} from '@aws-sdk/client-ecr';
import { operation } from '../../service.ts';
import { onRepository } from './demands.ts';
import { ecrError } from './errors.ts';
import { completeUpload, receivedBytes, startUpload, uploadOf } from './layers.ts';
import { repositoryOf } from './state.ts';

/** What InitiateLayerUpload recommends, and what CompleteLayerUpload insists on for all parts but the last. */
const partSize = 20 * 1024 * 1024;
const smallestPart = 5 * 1024 * 1024;

const batchCheckLayerAvailability = operation<
  BatchCheckLayerAvailabilityCommandInput,
  BatchCheckLayerAvailabilityCommandOutput
>({
  demands: onRepository('BatchCheckLayerAvailability'),
  run(input, call) {
    const { layers } = repositoryOf(input, call);
    return {
      layers: (input.layerDigests ?? []).map((layerDigest) => {
        const content = layers.get(layerDigest);
        return content
          ? { layerDigest, layerAvailability: 'AVAILABLE' as const, layerSize: content.length }
          : { layerDigest, layerAvailability: 'UNAVAILABLE' as const };
      }),
      failures: [],
    };
  },
});

const initiateLayerUpload = operation<InitiateLayerUploadCommandInput, InitiateLayerUploadCommandOutput>({
  demands: onRepository('InitiateLayerUpload'),
  run: (input, call) => ({ uploadId: startUpload(repositoryOf(input, call)), partSize }),
});

const uploadLayerPart = operation<UploadLayerPartCommandInput, UploadLayerPartCommandOutput>({
  demands: onRepository('UploadLayerPart'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const { uploadId = '', partFirstByte = 0, partLastByte = 0 } = input;
    const upload = uploadOf(repository, uploadId);
    const received = receivedBytes(upload);
    const part = Buffer.from(input.layerPartBlob ?? []);
    if (partFirstByte !== received || partLastByte - partFirstByte + 1 !== part.length) {
      throw ecrError(
        'InvalidLayerPartException',
        `The layer part from byte ${partFirstByte} to ${partLastByte} is not consecutive to the ${received} bytes received so far, or not its ${part.length} bytes long`,
        {
          registryId: repository.registryId,
          repositoryName: repository.name,
          uploadId,
          lastValidByteReceived: received - 1,
        },
      );
    }
    upload.parts.push(part);
    return {
      registryId: repository.registryId,
      repositoryName: repository.name,
      uploadId,
      lastByteReceived: partLastByte,
    };
  },
});

const completeLayerUpload = operation<CompleteLayerUploadCommandInput, CompleteLayerUploadCommandOutput>({
  demands: onRepository('CompleteLayerUpload'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const { uploadId = '', layerDigests = [] } = input;
    const digest = layerDigests[0] ?? '';
    const { parts } = uploadOf(repository, uploadId);
    if (parts.slice(0, -1).some((part) => part.length < smallestPart)) {
      throw ecrError('LayerPartTooSmallException', 'Layer parts must be at least 5 MiB in size, except for the last');
    }
    if (repository.layers.has(digest)) {
      throw ecrError(
        'LayerAlreadyExistsException',
        `The image layer '${digest}' already exists in the repository '${repository.name}'`,
      );
    }
    completeUpload(repository, uploadId, digest);
    return { registryId: repository.registryId, repositoryName: repository.name, uploadId, layerDigest: digest };
  },
});

export const layerOperations = {
  BatchCheckLayerAvailability: batchCheckLayerAvailability,
  InitiateLayerUpload: initiateLayerUpload,
  UploadLayerPart: uploadLayerPart,
  CompleteLayerUpload: completeLayerUpload,
};
