import type {
  GetParameterCommandInput,
  GetParameterCommandOutput,
  GetParameterHistoryCommandInput,
  GetParameterHistoryCommandOutput,
  GetParametersByPathCommandInput,
  GetParametersByPathCommandOutput,
  GetParametersCommandInput,
  GetParametersCommandOutput,
  Parameter,
} from '@aws-sdk/client-ssm';
import { AwsError, validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { filterParameters } from './filters.ts';
import { pageOf } from './pages.ts';
import { readReference } from './parameter-name.ts';
import { isUnder } from './path.ts';
import { decrypt } from './secure-string.ts';
import {
  findParameter,
  latest,
  type ParameterVersion,
  parameterArn,
  parameterOf,
  type StoredParameter,
  selectVersion,
  ssmState,
} from './state.ts';

/** The ARN a reference (name, selector, ARN) asks for, as policies name it. */
function arnOf(reference: string, call: Call): string {
  return parameterArn(findParameter(reference, call)?.name ?? readReference(reference).name, call);
}

function describe(
  parameter: StoredParameter,
  version: ParameterVersion,
  decryption: boolean | undefined,
  call: Call,
  selector?: string,
): Parameter {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: plainValue(version, decryption, call),
    Version: version.version,
    ...(selector && { Selector: selector }),
    LastModifiedDate: version.modified,
    ARN: parameterArn(parameter.name, call),
    DataType: version.dataType,
  };
}

function plainValue(version: ParameterVersion, decryption: boolean | undefined, call: Call): string {
  return version.type === 'SecureString' && decryption ? decrypt(version.value, ssmState(call).key) : version.value;
}

export const getParameter = operation<GetParameterCommandInput, GetParameterCommandOutput>({
  demands: (input, call) => [{ action: 'ssm:GetParameter', resource: arnOf(input.Name ?? '', call) }],
  run(input, call) {
    const parameter = parameterOf(input.Name ?? '', call);
    const { selector } = readReference(input.Name ?? '');
    const version = selectVersion(parameter, selector);
    if (!version) {
      const wanted = selector?.slice(1);
      throw new AwsError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${wanted} of ${parameter.name}. Verify the version and try again.`,
      );
    }
    return { Parameter: describe(parameter, version, input.WithDecryption, call, selector) };
  },
});

export const getParameters = operation<GetParametersCommandInput, GetParametersCommandOutput>({
  demands: (input, call) =>
    (input.Names ?? []).map((name) => ({ action: 'ssm:GetParameters', resource: arnOf(name, call) })),
  run(input, call) {
    const names = input.Names ?? [];
    // "GetParameters": 1 to 10 names, each once.
    if (names.length < 1 || names.length > 10) {
      throw validationError(
        `1 validation error detected: Value '[${names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length ${names.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 10'}.`,
      );
    }
    if (new Set(names).size < names.length) {
      throw validationError(`Duplicate parameter names found in the request: ${names.join(', ')}`);
    }
    const found: Parameter[] = [];
    const invalid: string[] = [];
    for (const name of names) {
      const parameter = findParameter(name, call);
      const { selector } = readReference(name);
      const version = parameter && selectVersion(parameter, selector);
      if (parameter && version) found.push(describe(parameter, version, input.WithDecryption, call, selector));
      else invalid.push(name);
    }
    return { Parameters: found, InvalidParameters: invalid };
  },
});

export const getParametersByPath = operation<GetParametersByPathCommandInput, GetParametersByPathCommandOutput>({
  demands: (input, call) => [
    { action: 'ssm:GetParametersByPath', resource: parameterArn((input.Path ?? '').replace(/(?<=.)\/$/, ''), call) },
  ],
  run(input, call) {
    const path = input.Path ?? '';
    if (!/^\/([a-zA-Z0-9_.-]+\/?)*$/.test(path)) {
      throw validationError(
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
      );
    }
    const inPath = [...ssmState(call).parameters.values()]
      .filter(({ name }) => isUnder(name, path, input.Recursive ?? false))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const filtered = filterParameters(inPath, input.ParameterFilters ?? [], ['Type', 'KeyId', 'Label']);
    const { page, ...next } = pageOf(filtered, input, 10);
    return { Parameters: page.map((p) => describe(p, latest(p), input.WithDecryption, call)), ...next };
  },
});

export const getParameterHistory = operation<GetParameterHistoryCommandInput, GetParameterHistoryCommandOutput>({
  demands: (input, call) => [{ action: 'ssm:GetParameterHistory', resource: arnOf(input.Name ?? '', call) }],
  run(input, call) {
    const parameter = parameterOf(input.Name ?? '', call);
    const { page, ...next } = pageOf(parameter.versions, input, 50);
    return {
      Parameters: page.map((version) => ({
        Name: parameter.name,
        Type: version.type,
        ...(version.keyId && { KeyId: version.keyId }),
        LastModifiedDate: version.modified,
        LastModifiedUser: version.modifiedBy,
        ...(version.description && { Description: version.description }),
        Value: plainValue(version, input.WithDecryption, call),
        ...(version.allowedPattern && { AllowedPattern: version.allowedPattern }),
        Version: version.version,
        Labels: [...version.labels],
        Tier: version.tier,
        Policies: [],
        DataType: version.dataType,
      })),
      ...next,
    };
  },
});
