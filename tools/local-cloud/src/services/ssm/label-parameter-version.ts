import type { LabelParameterVersionCommandInput, LabelParameterVersionCommandOutput } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { latest, parameterArn, parameterOf } from './state.ts';

/** "LabelParameterVersion": letters, digits and `.-_`, no digit in front, no `aws` or `ssm`, up to 100 characters. */
const labelPattern = /^(?!\d)(?!aws|ssm)[a-zA-Z0-9_.-]{1,100}$/i;
const labelsPerVersion = 10;

/** A label stands on one version of a parameter: giving it to another moves it. */
export const labelParameterVersion = operation<LabelParameterVersionCommandInput, LabelParameterVersionCommandOutput>({
  demands: (input, call) => [{ action: 'ssm:LabelParameterVersion', resource: parameterArn(input.Name ?? '', call) }],
  run(input, call) {
    const parameter = parameterOf(input.Name ?? '', call);
    const number = input.ParameterVersion ?? latest(parameter).version;
    const version = parameter.versions.find((candidate) => candidate.version === number);
    if (!version) {
      throw new AwsError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${number} of ${parameter.name}. Verify the version and try again.`,
      );
    }
    const labels = input.Labels ?? [];
    const valid = labels.filter((label) => labelPattern.test(label));
    const merged = new Set([...version.labels, ...valid]);
    if (merged.size > labelsPerVersion) {
      throw new AwsError(
        'ParameterVersionLabelLimitExceeded',
        `A parameter version can have maximum ${labelsPerVersion} labels. Move one or more labels to another version and try again.`,
      );
    }
    for (const other of parameter.versions) other.labels = other.labels.filter((label) => !valid.includes(label));
    version.labels = [...merged];
    return { InvalidLabels: labels.filter((label) => !valid.includes(label)), ParameterVersion: number };
  },
});
