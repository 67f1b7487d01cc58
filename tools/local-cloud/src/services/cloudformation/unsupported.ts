import { validationError } from '../../cloudformation/errors.ts';

/**
 * Inputs that would change what happens, and that the embedded cloud does not carry out. ImportExistingResources is not
 * among them: a resource that exists already is not imported, but its creation fails and says so.
 */
const unsupported = {
  NotificationARNs: isEmpty,
  RollbackConfiguration: (value: unknown) => isEmpty((value as { RollbackTriggers?: unknown }).RollbackTriggers ?? []),
  ResourceTypes: isEmpty,
  TimeoutInMinutes: never,
  DeploymentMode: never,
  DeploymentConfig: (value: unknown) => ((value as { Mode?: string }).Mode ?? 'STANDARD') === 'STANDARD',
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function never(): boolean {
  return false;
}

/** Refuses a request that asks for what can't be done, naming it. Throws ValidationError before anything changes. */
export function refuseUnsupported(input: object): void {
  for (const [name, isHarmless] of Object.entries(unsupported)) {
    const value = (input as Record<string, unknown>)[name];
    if (value !== undefined && value !== null && !isHarmless(value)) {
      throw validationError(`The embedded cloud does not carry out ${name} (${JSON.stringify(value)}): leave it out.`);
    }
  }
}
