import { AwsError } from '../../errors.ts';
import type { InvocationRequest, InvocationResult } from '../../lambda-environment/types.ts';
import type { Cloud } from '../../service.ts';
import { createCodeFolders } from './code-folders.ts';
import { unreservedConcurrency } from './concurrency.ts';
import { tooManyRequests } from './errors.ts';
import { type Instance, startInstance } from './instance.ts';
import { provisionedVersions } from './provisioned-versions.ts';
import { type FunctionVersion, type LambdaFunction, lambdaState } from './state.ts';

export interface FleetInvocation {
  readonly result: InvocationResult;
  /** Extensions are finished and the environment is frozen: the last 4 KB of the invocation's log. */
  readonly done: Promise<string>;
}

export interface FleetEnvironment {
  readonly found: LambdaFunction;
  readonly environment: Instance['environment'];
  /** No invocation comes to it any more; it gets SHUTDOWN, if it runs. Resolves when it is gone. */
  retire(): Promise<void>;
}

/** All execution environments of a cloud. */
export interface Fleet {
  /**
   * Runs one invocation in an idle environment, the one used last, or in a new one. Throws TooManyRequestsException when
   * reserved or account concurrency is used up.
   */
  run(found: LambdaFunction, version: FunctionVersion, request: InvocationRequest): Promise<FleetInvocation>;
  /** Ends the environments of versions that are no longer what they were; busy ones after their invocation. */
  retireOutdated(found: LambdaFunction): void;
  /** Starts and ends environments until each version has as many as its provisioned concurrency says. */
  provision(found: LambdaFunction): void;
  provisioned(found: LambdaFunction, version: FunctionVersion): ProvisionedEnvironments;
  retireAll(found: LambdaFunction): void;
  /** Every environment there is, and the way to end it. */
  environments(): Promise<readonly FleetEnvironment[]>;
  /** Ends every environment; afterwards nothing runs any more. */
  close(): Promise<void>;
}

/** AWS does not say how long it keeps an idle environment; a few minutes is what users see. */
const idleMs = 5 * 60_000;
/** "Lambda terminates execution environments every few hours", "Understanding the execution environment lifecycle". */
const longestLifeMs = 2 * 3_600_000;

/**
 * How long an invocation waits for an environment that has answered and is about to be frozen, before it starts another.
 * On AWS that time passes on the way to the caller and back; without it, a caller's next request would find no idle one.
 */
const settleMs = 200;

/** Environments kept ready for a version: being started or more, initialised, and whether one could not be. */
export interface ProvisionedEnvironments {
  readonly allocated: number;
  readonly available: number;
  readonly failed: boolean;
}

interface Member {
  readonly found: LambdaFunction;
  readonly revisionId: string;
  readonly createdAt: number;
  instance: Promise<Instance>;
  /** From the start of an invocation until the environment is frozen again. */
  busy: boolean;
  /** Set from the answer on: resolves when it is no longer busy. */
  settled: Promise<unknown> | undefined;
  /** An invocation waits for it. */
  claimed: boolean;
  outdated: boolean;
  /** Of provisioned concurrency: how its initialisation went. */
  readonly provisioned: { ready: boolean | undefined } | undefined;
  cancelRetirement: () => void;
}

const fleets = new WeakMap<Cloud, Fleet>();

export function fleetOf(cloud: Cloud): Fleet {
  const fleet = fleets.get(cloud) ?? createFleet(cloud);
  fleets.set(cloud, fleet);
  return fleet;
}

function createFleet(cloud: Cloud): Fleet {
  const folders = createCodeFolders(cloud);
  /** Those used last are at the end. */
  const members = new Set<Member>();
  const endings = new Set<Promise<void>>();
  let closing = false;

  function checkConcurrency({ arn, account, region, reservedConcurrency }: LambdaFunction): void {
    const running = [...members].filter(({ busy }) => busy);
    if (reservedConcurrency !== undefined) {
      const own = running.filter(({ found }) => found.arn === arn).length;
      if (own >= reservedConcurrency) throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
      return;
    }
    const sharing = running.filter(
      ({ found }) => found.account === account && found.region === region && found.reservedConcurrency === undefined,
    );
    if (sharing.length >= unreservedConcurrency(lambdaState(cloud, account, region))) {
      throw tooManyRequests('ConcurrentInvocationLimitExceeded');
    }
  }

  function fitting(found: LambdaFunction, { revisionId }: FunctionVersion): Member[] {
    return [...members].filter(
      (member) => member.found === found && member.revisionId === revisionId && !member.claimed && !member.outdated,
    );
  }

  function idleMember(found: LambdaFunction, version: FunctionVersion): Member | undefined {
    const idle = fitting(found, version).filter(({ busy }) => !busy);
    const oldest = cloud.clock.now() - longestLifeMs;
    for (const member of idle) if (!member.provisioned && member.createdAt < oldest) retire(member);
    return idle.find(({ provisioned }) => provisioned) ?? idle.findLast((member) => members.has(member));
  }

  /** Throws TooManyRequestsException. */
  function occupy(member: Member): Member {
    checkConcurrency(member.found);
    member.busy = true;
    member.cancelRetirement();
    return member;
  }

  /** An environment that gets free in time, already occupied. */
  async function settlingMember(found: LambdaFunction, version: FunctionVersion): Promise<Member | undefined> {
    const member = fitting(found, version).findLast(({ settled }) => settled);
    if (!member?.settled) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = cloud.clock.after(settleMs, resolve);
    member.claimed = true;
    void member.settled.then(() => resolve());
    await promise;
    cancel();
    member.claimed = false;
    return members.has(member) && !member.busy ? occupy(member) : undefined;
  }

  function newMember(found: LambdaFunction, version: FunctionVersion): Member {
    checkConcurrency(found);
    return addMember(found, version, undefined);
  }

  function addMember(found: LambdaFunction, version: FunctionVersion, provisioned: Member['provisioned']): Member {
    const type = provisioned ? 'provisioned-concurrency' : 'on-demand';
    const member: Member = {
      found,
      revisionId: version.revisionId,
      createdAt: cloud.clock.now(),
      instance: startInstance(cloud, found, version, folders, type),
      busy: !provisioned,
      settled: undefined,
      claimed: false,
      outdated: false,
      provisioned,
      cancelRetirement() {},
    };
    members.add(member);
    return member;
  }

  function provision(found: LambdaFunction): void {
    if (closing) return;
    const wanted = new Map([...provisionedVersions(found)].map(([version, count]) => [version.revisionId, count]));
    for (const member of [...members]) {
      if (member.found !== found || !member.provisioned || member.outdated) continue;
      const left = wanted.get(member.revisionId) ?? 0;
      if (left === 0) outdate(member);
      else wanted.set(member.revisionId, left - 1);
    }
    for (const [version] of provisionedVersions(found)) {
      for (let i = wanted.get(version.revisionId) ?? 0; i > 0; i -= 1) keepReady(found, version);
    }
  }

  function keepReady(found: LambdaFunction, version: FunctionVersion): void {
    const provisioned: NonNullable<Member['provisioned']> = { ready: undefined };
    const { instance } = addMember(found, version, provisioned);
    const readiness = instance.then(({ environment }) => environment.initialised).catch(() => false);
    void cloud.work.track(readiness).then((ready) => {
      provisioned.ready = ready;
    });
  }

  function retire(member: Member): Promise<void> {
    members.delete(member);
    if (member.provisioned && !member.outdated) provision(member.found);
    member.cancelRetirement();
    const ending = member.instance
      .then((instance) => instance.end())
      .catch((error: Error) =>
        cloud.log(`lambda: an environment of ${member.found.name} did not end well: ${error.message}`),
      )
      .finally(() => endings.delete(ending));
    endings.add(ending);
    return cloud.work.track(ending);
  }

  function release(member: Member): void {
    member.busy = false;
    member.settled = undefined;
    if (!members.has(member)) return;
    if (member.outdated || closing) {
      retire(member);
      return;
    }
    members.delete(member);
    members.add(member);
    if (member.provisioned) return;
    member.cancelRetirement = cloud.clock.after(idleMs, () => void retire(member));
  }

  function outdate(member: Member): void {
    member.outdated = true;
    if (!member.busy) retire(member);
  }

  async function run(
    found: LambdaFunction,
    version: FunctionVersion,
    request: InvocationRequest,
  ): Promise<FleetInvocation> {
    const idle = idleMember(found, version);
    const free = idle ? occupy(idle) : await settlingMember(found, version);
    if (closing) throw new AwsError('ServiceException', 'The embedded cloud is closing.', { status: 500 });
    const member = free ?? newMember(found, version);
    let instance: Instance;
    try {
      instance = await member.instance;
    } catch (error) {
      members.delete(member);
      throw error;
    }
    // A cold start's first lines belong to its first invocation.
    if (instance.environment.state !== 'starting') instance.tail = '';
    const { response, done } = instance.environment.invoke(request);
    const finished = done
      .catch((error: Error) => cloud.log(`lambda: an environment of ${found.name} failed: ${error.message}`))
      .then(() => {
        const { tail } = instance;
        release(member);
        return tail;
      });
    const result = await response;
    if (member.busy) member.settled = finished;
    return { result, done: finished };
  }

  return {
    run(found, version, request) {
      const running = run(found, version, request);
      // Until the environment is frozen again, not only until the answer.
      cloud.work.track(running.then(({ done }) => done)).catch(() => {});
      return running;
    },
    retireOutdated(found) {
      const current = new Set([found.latest, ...found.versions.values()].map(({ revisionId }) => revisionId));
      for (const member of [...members]) {
        if (member.found === found && !current.has(member.revisionId)) outdate(member);
      }
    },
    provision,
    provisioned(found, { revisionId }) {
      const kept = [...members].flatMap((member) => {
        const own = member.found === found && member.revisionId === revisionId && !member.outdated;
        return own && member.provisioned ? [member.provisioned.ready] : [];
      });
      const available = kept.filter(Boolean).length;
      return { allocated: kept.length, available, failed: kept.includes(false) };
    },
    retireAll(found) {
      for (const member of [...members]) if (member.found === found) outdate(member);
    },
    async environments() {
      const standing = await Promise.all(
        [...members].map(async (member) => {
          const instance = await member.instance.catch(() => undefined);
          return instance && { member, instance };
        }),
      );
      return standing.flatMap((entry) => {
        if (!entry) return [];
        const { member, instance } = entry;
        return [{ found: member.found, environment: instance.environment, retire: () => retire(member) }];
      });
    },
    async close() {
      closing = true;
      for (const member of [...members]) retire(member);
      await Promise.all(endings);
    },
  };
}
