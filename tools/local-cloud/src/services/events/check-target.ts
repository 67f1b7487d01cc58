import type { Target } from '@aws-sdk/client-eventbridge';
import { between, lengthBetween, matches } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { unsupported, validate } from './errors.ts';
import { isJsonText, isTemplate, placeholdersOf } from './input-template.ts';
import { readJsonPath } from './json-path.ts';
import { predefinedVariables } from './target-input.ts';
import { isApiDestination, targetKindOf } from './target-kinds.ts';

/** InputTransformer (API Reference): variables of one target. */
const mostVariables = 100;

const otherParameters = [
  'AppSyncParameters',
  'BatchParameters',
  'RedshiftDataParameters',
  'RunCommandParameters',
  'SageMakerPipelineParameters',
] as const;

/** Throws what PutTargets refuses a target with, ValidationException mostly, and NotImplementedException for other kinds of target. */
export function checkTarget(target: Target): void {
  const { Id = '', Arn = '' } = target;
  validate(
    lengthBetween('targets.member.id', Id, 1, 64),
    matches('targets.member.id', Id, '[\\.\\-_A-Za-z0-9]+'),
    lengthBetween('targets.member.arn', Arn, 1, 1600),
    lengthBetween('targets.member.input', target.Input, 0, 8192),
    lengthBetween('targets.member.inputPath', target.InputPath, 0, 256),
    lengthBetween('targets.member.inputTransformer.inputTemplate', target.InputTransformer?.InputTemplate, 1, 8192),
    between('targets.member.retryPolicy.maximumRetryAttempts', target.RetryPolicy?.MaximumRetryAttempts, 0, 185),
    between(
      'targets.member.retryPolicy.maximumEventAgeInSeconds',
      target.RetryPolicy?.MaximumEventAgeInSeconds,
      60,
      86_400,
    ),
  );
  if (!/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/.test(Arn)) {
    throw validationError(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  const kind = targetKindOf(Arn);
  const foreign = otherParameters.find((name) => target[name] !== undefined);
  if (foreign) throw unsupported(`${foreign} of target ${Id}`, 'leave it out');
  if (target.HttpParameters && !isApiDestination(Arn)) {
    throw unsupported(`HttpParameters of target ${Id}`, 'they are for API destinations');
  }
  if (Arn.split(':')[2] === 'ecs' && !target.EcsParameters?.TaskDefinitionArn) {
    throw validationError(`Parameter EcsParameters.TaskDefinitionArn is missing for target ${Id}.`);
  }
  if (kind.needsRole && !target.RoleArn) throw validationError(`RoleArn is required for target ${Arn}.`);
  if (Arn.startsWith('arn:aws:sqs:') && Arn.endsWith('.fifo') && !target.SqsParameters?.MessageGroupId) {
    throw validationError(`Parameter(s) MessageGroupId must be specified for target: ${Id}.`);
  }
  checkDeadLetterQueue(target);
  checkInput(target);
}

function checkDeadLetterQueue({ Id, DeadLetterConfig }: Target): void {
  const arn = DeadLetterConfig?.Arn;
  if (arn === undefined) return;
  // "Considerations for using a dead-letter queue": standard queues only.
  if (!/^arn:aws:sqs:[^:]+:\d{12}:[A-Za-z0-9_-]+$/.test(arn)) {
    throw validationError(
      `Parameter DeadLetterConfig.Arn is not valid for target ${Id}. Reason: ${arn} is no standard queue.`,
    );
  }
}

function checkInput(target: Target): void {
  const { Id, Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    throw validationError(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && !isJsonText(Input)) throw validationError(`JSON syntax error in input for target ${Id}.`);
  if (InputPath !== undefined) checkPath(InputPath, 'InputPath', Id);
  if (InputTransformer) checkTransformer(InputTransformer, Id);
}

function checkTransformer(
  { InputPathsMap = {}, InputTemplate = '' }: NonNullable<Target['InputTransformer']>,
  id: string | undefined,
): void {
  const names = Object.keys(InputPathsMap);
  if (names.length > mostVariables) {
    throw validationError(
      `InputPathsMap of target ${id} has ${names.length} variables: there may be ${mostVariables}.`,
    );
  }
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (!/^[A-Za-z0-9_-]+$/.test(name) || /^aws\./i.test(name)) {
      throw validationError(`InputPathsMap for target ${id} contains invalid variable name ${name}.`);
    }
    checkPath(path, `InputPathsMap.${name}`, id);
  }
  const unknown = placeholdersOf(InputTemplate).find(
    (name) => !names.includes(name) && !predefinedVariables.includes(name),
  );
  if (unknown !== undefined) {
    throw validationError(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`);
  }
  if (!isTemplate(InputTemplate)) {
    throw validationError(
      `Invalid InputTemplate for target ${id} : a template is JSON, or a string in quotation marks.`,
    );
  }
}

function checkPath(path: string, member: string, id: string | undefined): void {
  if (readJsonPath(path)) return;
  throw validationError(
    `Parameter ${member} is not valid for target ${id}. Reason: ${path} is no supported JSON path.`,
  );
}
