import { AwsError, validationError } from '../../errors.ts';

/**
 * Checks a parameter's name after "Requirements and constraints for parameter names" and PutParameter (AWS Systems Manager
 * User Guide / API Reference): letters, digits and `.-_`, a path that begins with a slash where it has any, 15 levels at
 * most, no `aws` or `ssm` in front, 1,011 characters with the ARN's part (2,048 in the API's own model).
 */
export function checkParameterName(name: string, nameArn: string): void {
  if (name.length < 1 || name.length > 2048 || nameArn.length > 1011) {
    throw validationError(
      `Parameter name: must have 1 to 1011 characters including the ARN in front of it, not ${nameArn.length}`,
    );
  }
  if (/^\/?aws(\/|$)/i.test(name)) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`, { status: 400 });
  }
  if (name.includes('/') && !name.startsWith('/'))
    throw validationError('Parameter name must be a fully qualified name.');
  if (/^\/?(aws|ssm)/i.test(name) || !/^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/.test(name)) {
    throw validationError(
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  const levels = name.split('/').filter((part) => part !== '').length;
  if (levels > 15) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of fifteen levels; ${name} has ${levels}.`,
    );
  }
}

export interface ParameterReference {
  readonly name: string;
  /** `:3` or `:label`, as GetParameter gives it back. */
  readonly selector: string | undefined;
}

/** Takes `name`, `name:version`, `name:label` or a parameter's ARN apart. */
export function readReference(text: string): ParameterReference {
  const arn = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(text);
  const path = arn?.[1] ?? text;
  const [, name = path, selector] = /^([^:]+)(:[^:]+)?$/.exec(path) ?? [];
  return { name, selector };
}
