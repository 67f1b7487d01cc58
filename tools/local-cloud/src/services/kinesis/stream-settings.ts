import type {
  StartStreamEncryptionCommandInput,
  StartStreamEncryptionCommandOutput,
  StopStreamEncryptionCommandInput,
  StopStreamEncryptionCommandOutput,
  UpdateMaxRecordSizeCommandInput,
  UpdateMaxRecordSizeCommandOutput,
  UpdateStreamModeCommandInput,
  UpdateStreamModeCommandOutput,
} from '@aws-sdk/client-kinesis';
import { between, lengthBetween, oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { onStream } from './demands.ts';
import { invalidArgument, limitExceeded, validate } from './errors.ts';
import { noDemand } from './on-demand.ts';
import { largestRecordKiB } from './shard.ts';
import { begin, requireActive, streamOf } from './state.ts';

const dayMs = 24 * 3_600_000;
/** "You can switch between on-demand and provisioned modes twice within 24 hours." (Kinesis Developer Guide) */
const mostModeUpdatesPerDay = 2;

export const updateStreamMode = operation<UpdateStreamModeCommandInput, UpdateStreamModeCommandOutput>({
  demands: onStream('UpdateStreamMode'),
  run(input, call) {
    const mode = input.StreamModeDetails?.StreamMode;
    validate(oneOf('streamModeDetails.streamMode', mode, ['PROVISIONED', 'ON_DEMAND']));
    if (!mode) throw invalidArgument('StreamModeDetails needs a StreamMode.');
    if (input.WarmThroughputMiBps !== undefined) {
      throw invalidArgument(
        'WarmThroughputMiBps needs MinimumThroughputBillingCommitment, which this account has not.',
      );
    }
    const stream = streamOf(input, call);
    requireActive(stream);
    const now = call.cloud.clock.now();
    stream.modeUpdates = stream.modeUpdates.filter((time) => time > now - dayMs);
    if (stream.modeUpdates.length >= mostModeUpdatesPerDay) {
      throw limitExceeded(
        `Stream ${stream.name} under account ${stream.account} has switched its mode ${mostModeUpdatesPerDay} times ` +
          'within the last 24 hours.',
      );
    }
    stream.modeUpdates.push(now);
    stream.mode = mode;
    stream.demand = mode === 'ON_DEMAND' ? (stream.demand ?? noDemand(now)) : undefined;
    begin(stream, 'UPDATING', call);
    return {};
  },
});

export const updateMaxRecordSize = operation<UpdateMaxRecordSizeCommandInput, UpdateMaxRecordSizeCommandOutput>({
  demands: onStream('UpdateMaxRecordSize'),
  run(input, call) {
    validate(between('maxRecordSizeInKiB', input.MaxRecordSizeInKiB, 1024, largestRecordKiB));
    const stream = streamOf(input, call);
    requireActive(stream);
    stream.maxRecordSizeInKiB = input.MaxRecordSizeInKiB as number;
    begin(stream, 'UPDATING', call);
    return {};
  },
});

/** The key is remembered and records are marked; nothing is encrypted, as nothing here outlives the machine. */
export const startStreamEncryption = operation<StartStreamEncryptionCommandInput, StartStreamEncryptionCommandOutput>({
  demands: onStream('StartStreamEncryption'),
  run(input, call) {
    validate(oneOf('encryptionType', input.EncryptionType, ['KMS']), lengthBetween('keyId', input.KeyId, 1, 2048));
    const stream = streamOf(input, call);
    requireActive(stream);
    stream.encryptionKey = input.KeyId as string;
    begin(stream, 'UPDATING', call);
    return {};
  },
});

export const stopStreamEncryption = operation<StopStreamEncryptionCommandInput, StopStreamEncryptionCommandOutput>({
  demands: onStream('StopStreamEncryption'),
  run(input, call) {
    validate(oneOf('encryptionType', input.EncryptionType, ['KMS']), lengthBetween('keyId', input.KeyId, 1, 2048));
    const stream = streamOf(input, call);
    requireActive(stream);
    stream.encryptionKey = undefined;
    begin(stream, 'UPDATING', call);
    return {};
  },
});
