import { acknowledge } from '@stackyard/cdk-core';
import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Accepts, for a written reason, the wildcards in the resources of these statements: cdk-nag wants each of them by name. */
export function acknowledgeWildcards(scope: IConstruct, statements: readonly PolicyStatement[], reason: string): void {
  const resources = statements.flatMap((statement) => statement.resources);
  const named = resources.map((resource) => asNagNames(Stack.of(scope).resolve(resource)));
  for (const name of new Set(named.filter((text) => text.includes('*')))) {
    acknowledge(scope, `AwsSolutions-IAM5[Resource::${name}]`, reason);
  }
}

/** cdk-nag writes `{"Ref": "Api"}` in a joined text as `<Api>`. */
function asNagNames(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return `<${Ref}>`;
  return join === undefined ? JSON.stringify(value) : join[1].map(asNagNames).join(join[0]);
}
