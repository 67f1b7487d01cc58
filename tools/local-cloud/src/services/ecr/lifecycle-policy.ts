import { ecrError } from './errors.ts';

type Fields = Record<string, unknown>;

/**
 * Checks a lifecycle policy against "Lifecycle policy properties in Amazon ECR" and "PutLifecyclePolicy" (ECR User Guide, API
 * Reference). Throws InvalidParameterException with the first thing that is wrong.
 */
export function checkLifecyclePolicy(text: string, policy: object): void {
  const { rules } = policy as Fields;
  if (!Array.isArray(rules) || rules.length < 1 || rules.length > 50 || text.length > 30_720) {
    throw invalid('it must have 1 to 50 rules in up to 30720 characters');
  }
  rules.forEach(checkRule);
  const priorities = rules.map(({ rulePriority }: Fields) => rulePriority as number);
  if (new Set(priorities).size < rules.length) throw invalid('rulePriority must be unique');
  const last = Math.max(...priorities);
  const early = rules.find(({ rulePriority, selection }) => selection.tagStatus === 'any' && rulePriority !== last);
  if (early) throw invalid("the rule with tagStatus 'any' must have the highest rulePriority");
}

function checkRule(rule: Fields, index: number): void {
  const where = `rule ${index + 1}`;
  if (!Number.isInteger(rule?.['rulePriority']) || (rule['rulePriority'] as number) < 1) {
    throw invalid(`${where}: rulePriority must be a positive integer`);
  }
  const { selection, action } = rule as { selection?: Fields; action?: Fields };
  if (action?.['type'] !== 'expire') throw invalid(`${where}: action.type must be 'expire'`);
  checkSelection(selection ?? {}, where);
}

function checkSelection(selection: Fields, where: string): void {
  const { tagStatus, countType, countNumber, countUnit } = selection;
  if (!['tagged', 'untagged', 'any'].includes(tagStatus as string)) {
    throw invalid(`${where}: selection.tagStatus must be one of tagged, untagged, any`);
  }
  const tags = ['tagPrefixList', 'tagPatternList'].filter((name) => selection[name] !== undefined);
  if ((tags.length === 1) !== (tagStatus === 'tagged')) {
    throw invalid(
      `${where}: exactly one of tagPrefixList and tagPatternList goes with tagStatus 'tagged', none with others`,
    );
  }
  if (countType !== 'imageCountMoreThan' && countType !== 'sinceImagePushed') {
    throw invalid(`${where}: selection.countType must be one of imageCountMoreThan, sinceImagePushed`);
  }
  if (!Number.isInteger(countNumber) || (countNumber as number) < 1) {
    throw invalid(`${where}: selection.countNumber must be a positive integer`);
  }
  if ((countType === 'sinceImagePushed') !== (countUnit === 'days')) {
    throw invalid(`${where}: selection.countUnit must be 'days' with sinceImagePushed and absent otherwise`);
  }
}

function invalid(reason: string): Error {
  return ecrError(
    'InvalidParameterException',
    `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${reason}'`,
  );
}
