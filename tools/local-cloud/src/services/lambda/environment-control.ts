import { AwsError } from '../../errors.ts';
import { type KillCause, killCauses } from '../../lambda-environment/environment.ts';
import type { Cloud } from '../../service.ts';
import { type FleetEnvironment, fleetOf } from './fleet.ts';

/** What the control path tells of an execution environment. */
export interface EnvironmentDescription {
  readonly id: string;
  readonly function: string;
  readonly state: 'starting' | 'idle' | 'busy' | 'broken' | 'closed';
  /** `runtime` and the extensions by their names, as far as they run. */
  readonly processes: readonly string[];
  /** Lines of the function that Lambda has taken since the environment's last initialisation. */
  readonly functionLines: number;
}

/** Which environments, and what of them. */
export interface EnvironmentTarget {
  /** The function's name or ARN. */
  readonly function: string;
  /** Default: every environment of the function. */
  readonly id?: string;
  /** `runtime` or an extension's name. Default: all of them. */
  readonly process?: string;
  /** Of a process that is killed; default `killed`. */
  readonly cause?: KillCause;
  /** What is posted to the subscribers of telemetry. */
  readonly body?: string;
}

/**
 * - `freeze`, `thaw`: the environment, or one of its processes.
 * - `kill`: one process; without `process` all of them at once, as when the machine is gone: no SHUTDOWN, and no invocation
 *   comes to it any more.
 * - `shutdown`: SHUTDOWN, as after a time without invocations.
 * - `telemetry`: posts `body` to the subscribers of telemetry.
 */
export const environmentActions = {
  freeze: ({ environment }: FleetEnvironment, { process }: EnvironmentTarget) => environment.freeze(process),
  thaw: ({ environment }: FleetEnvironment, { process }: EnvironmentTarget) => environment.thaw(process),
  async kill({ environment, retire }: FleetEnvironment, { process, cause = 'killed' }: EnvironmentTarget) {
    if (process !== undefined) return environment.kill(process, cause);
    environment.destroy();
    await retire();
  },
  shutdown: ({ retire }: FleetEnvironment) => retire(),
  telemetry: ({ environment }: FleetEnvironment, { body = '' }: EnvironmentTarget) => environment.postTelemetry(body),
} satisfies Record<string, (chosen: FleetEnvironment, target: EnvironmentTarget) => unknown>;

export type EnvironmentAction = keyof typeof environmentActions;

/** All environments, or those of a function. */
export async function describeEnvironments(cloud: Cloud, functionName?: string): Promise<EnvironmentDescription[]> {
  const standing = await fleetOf(cloud).environments();
  return standing
    .filter(({ found }) => functionName === undefined || isFunction(found, functionName))
    .map(({ found, environment }) => ({
      id: environment.id,
      function: found.name,
      state: environment.state,
      processes: environment.processes,
      functionLines: environment.functionLines,
    }));
}

/** Does it to every environment that is meant. Throws ValidationException when there is none, or not the process named. */
export async function controlEnvironments(cloud: Cloud, action: EnvironmentAction, target: EnvironmentTarget) {
  checkTarget(action, target);
  const standing = await fleetOf(cloud).environments();
  const chosen = standing.filter(
    ({ found, environment }) =>
      isFunction(found, target.function) && (target.id === undefined || environment.id === target.id),
  );
  if (chosen.length === 0) {
    const there = standing.map(({ found, environment }) => `${environment.id} of ${found.name}`).join(', ');
    const wanted = `${target.id ?? 'any'} of ${target.function}`;
    throw invalid(`no environment runs that is ${wanted}; there are: ${there || 'none'}`);
  }
  try {
    await Promise.all(chosen.map((one) => environmentActions[action](one, target)));
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

const members: Readonly<Record<EnvironmentAction, readonly string[]>> = {
  freeze: ['process'],
  thaw: ['process'],
  kill: ['process', 'cause'],
  shutdown: [],
  telemetry: ['body'],
};

function checkTarget(action: EnvironmentAction, target: EnvironmentTarget): void {
  const known = ['function', 'id', ...members[action]];
  const problems = Object.entries(target).flatMap(([name, value]) => {
    if (!known.includes(name)) return [`${action} takes no ${name}; use ${known.join(', ')}`];
    return typeof value === 'string' ? [] : [`${name} is ${JSON.stringify(value)}; use a text`];
  });
  const { cause, process } = target;
  if (target.function === undefined) problems.push('function names the function whose environments are meant');
  if (cause !== undefined && !killCauses.includes(cause)) {
    problems.push(`cause is ${JSON.stringify(cause)}; use one of ${killCauses.join(', ')}`);
  }
  if (cause !== undefined && process === undefined) problems.push('a cause is for one process; name it in process');
  if (problems.length > 0) throw invalid(problems.join('; '));
}

function isFunction(found: { name: string; arn: string }, nameOrArn: string): boolean {
  return found.name === nameOrArn || found.arn === nameOrArn;
}

function invalid(problem: string): AwsError {
  return new AwsError('ValidationException', `The environments stay as they are: ${problem}.`);
}
