import type { AwsError } from '../errors.ts';
import type { ServiceModel } from './model.ts';

/** What every protocol writes of an error: wire code, status and members, after the service's model. */
export interface ErrorShape {
  readonly shape: string;
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
}

export function errorShape(error: AwsError, model: ServiceModel | undefined): ErrorShape {
  const known = model?.errors.get(error.code);
  const messageMember = known?.members.find((member) => member.toLowerCase() === 'message') ?? 'message';
  return {
    shape: known?.name ?? error.code,
    // "AccessDeniedException" and others outside the model: query clients know them without the ending.
    code: known?.code ?? (model?.service.queryCompatible ? error.code.replace(/Exception$/, '') : error.code),
    status: error.status ?? known?.status ?? 400,
    members: { [messageMember]: error.message, ...error.members },
  };
}
