import type { ParameterTier, PutParameterCommandInput, PutParameterCommandOutput } from '@aws-sdk/client-ssm';
import { AwsError, validationError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { checkParameterName } from './parameter-name.ts';
import { encrypt } from './secure-string.ts';
import { latest, type ParameterVersion, parameterArn, type StoredParameter, ssmState } from './state.ts';
import { checkTags } from './tags.ts';

/** "Managing parameter tiers" and "Systems Manager service quotas": bytes of a value, parameters per account and Region. */
const tiers = {
  Standard: { valueBytes: 4096, parameters: 10_000 },
  Advanced: { valueBytes: 8192, parameters: 100_000 },
} as const;
type Tier = keyof typeof tiers;

/** "Working with parameter versions": up to 100 are kept. */
const keptVersions = 100;

export const putParameter = operation<PutParameterCommandInput, PutParameterCommandOutput>({
  demands: (input, call) => [
    { action: 'ssm:PutParameter', resource: parameterArn(input.Name ?? '', call) },
    ...(input.Tags?.length
      ? [{ action: 'ssm:AddTagsToResource', resource: parameterArn(input.Name ?? '', call) }]
      : []),
  ],
  run(input, call) {
    const state = ssmState(call);
    const name = input.Name ?? '';
    checkParameterName(name, parameterArn(name, call));
    const existing = state.parameters.get(name);
    checkRequest(input, existing);
    const previous = existing && latest(existing);
    const type = input.Type ?? previous?.type;
    if (!type) throw validationError('A parameter type is required when you create a parameter.');
    if (previous && previous.type !== type) {
      throw new AwsError(
        'HierarchyTypeMismatchException',
        `Parameter Store doesn't support changing the type of a parameter: ${name} is a ${previous.type}, not a ${type}. Create a new, unique parameter.`,
      );
    }
    const value = input.Value ?? '';
    const tier = chooseTier(input, previous?.tier as Tier | undefined);
    checkValue(value, input.AllowedPattern ?? previous?.allowedPattern);
    if (!existing) checkQuota(tier, [...state.parameters.values()]);
    const version: ParameterVersion = {
      version: (previous?.version ?? 0) + 1,
      type,
      value: type === 'SecureString' ? encrypt(value, state.key) : value,
      tier,
      dataType: input.DataType ?? previous?.dataType ?? 'text',
      description: input.Description ?? previous?.description,
      allowedPattern: input.AllowedPattern ?? previous?.allowedPattern,
      keyId: type === 'SecureString' ? 'alias/aws/ssm' : undefined,
      modified: new Date(call.cloud.clock.now()),
      modifiedBy: call.caller.arn,
      labels: [],
    };
    if (existing) existing.versions = [...withRoomForOne(existing), version];
    else state.parameters.set(name, { name, versions: [version], tags: [...(input.Tags ?? [])] });
    return { Version: version.version, Tier: tier };
  },
});

function checkRequest(input: PutParameterCommandInput, existing: StoredParameter | undefined): void {
  if (input.Overwrite && input.Tags?.length) {
    throw validationError(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (existing && !input.Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (input.Type && !['String', 'StringList', 'SecureString'].includes(input.Type)) {
    throw new AwsError('UnsupportedParameterType', `The parameter type ${input.Type} is not supported.`);
  }
  if (input.KeyId && input.Type !== 'SecureString') {
    throw validationError('KeyId is required for SecureString type parameter only.');
  }
  // There is no KMS beside this service, so no key but the AWS managed one can exist.
  if (input.KeyId && !input.KeyId.endsWith('alias/aws/ssm')) {
    throw new AwsError('InvalidKeyId', `Invalid keyId ${input.KeyId}`);
  }
  for (const [option, value] of [
    ['Policies', input.Policies],
    ['DataType', input.DataType === 'text' ? undefined : input.DataType],
  ] as const) {
    if (!value) continue;
    throw new AwsError(
      'NotImplementedException',
      `The embedded cloud's PutParameter does not carry out ${option} '${value}': leave it out.`,
      { status: 501 },
    );
  }
  if ((input.Description ?? '').length > 1024) throw validationError('Description can have at most 1024 characters.');
  checkTags(input.Tags ?? []);
}

function chooseTier(input: PutParameterCommandInput, previous: Tier | undefined): Tier {
  const size = Buffer.byteLength(input.Value ?? '');
  if (size > tiers.Advanced.valueBytes) {
    throw validationError(
      `Advanced tier parameters support a maximum parameter value of ${tiers.Advanced.valueBytes} characters.`,
    );
  }
  const wanted: ParameterTier = input.Tier ?? previous ?? 'Standard';
  const needed: Tier = size > tiers.Standard.valueBytes ? 'Advanced' : 'Standard';
  const tier = wanted === 'Intelligent-Tiering' ? (previous === 'Advanced' ? 'Advanced' : needed) : wanted;
  if (previous === 'Advanced' && tier === 'Standard') {
    throw validationError(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  if (tier === 'Standard' && needed === 'Advanced') {
    throw validationError(
      'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html',
    );
  }
  return tier;
}

function checkValue(value: string, pattern: string | undefined): void {
  if (value === '') {
    throw validationError(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  }
  if (value.includes('{{')) {
    // "PutParameter", Value: parameters cannot reference others, so `{{ }}` and `{{ssm:name}}` are refused.
    throw validationError('Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
  }
  if (!pattern) return;
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The request doesn't meet the regular expression requirement: ${pattern}`,
    );
  }
  if (!expression.test(value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
  }
}

function checkQuota(tier: Tier, parameters: readonly StoredParameter[]): void {
  const limit = tiers[tier].parameters;
  if (parameters.filter((parameter) => latest(parameter).tier === tier).length < limit) return;
  throw new AwsError(
    'ParameterLimitExceeded',
    `You have exceeded the number of ${tier} parameters for this AWS account (${limit}). Delete one or more parameters and try again.`,
  );
}

/** Drops the oldest version of a hundred; one that carries a label stands in the way. */
function withRoomForOne({ name, versions }: StoredParameter): ParameterVersion[] {
  if (versions.length < keptVersions) return versions;
  if ((versions[0]?.labels.length ?? 0) > 0) {
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${versions[0]?.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  }
  return versions.slice(1);
}
