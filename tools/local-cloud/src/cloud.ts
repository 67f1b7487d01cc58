import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from './clock.ts';
import { loadStores, type Stores, saveStores } from './data.ts';
import { dispatch } from './endpoint/dispatch.ts';
import { createEndpoint } from './endpoint/server.ts';
import { verifySignature } from './endpoint/sigv4.ts';
import { AwsError } from './errors.ts';
import { createFaults } from './faults/active-faults.ts';
import { createAuthorizer } from './iam/authorizer.ts';
import type { Cloud, Service } from './service.ts';
import { services as allServices } from './services/index.ts';
import { createWork } from './work.ts';

export interface CloudOptions {
  /** 0 takes any free port. Default 4566, the one tools expect. */
  readonly port?: number;
  /** Folder that keeps the state between runs. Default: state is lost when the cloud closes. */
  readonly dataDir?: string;
  /** Where log lines go. Default: stderr. */
  readonly log?: (line: string) => void;
}

export interface RunningCloud {
  readonly endpoint: string;
  readonly cloud: Cloud;
  /** Ends every process, saves the state if asked to, removes scratch files, frees the port. */
  close(): Promise<void>;
}

/** Thrown when the port is in use; the message says what to do. */
export class PortTakenError extends Error {
  constructor(port: number) {
    super(
      `Port ${port} on 127.0.0.1 is taken, perhaps by another embedded cloud. Stop that one, or choose another with --port.`,
    );
    this.name = 'PortTakenError';
  }
}

export const defaultPort = 4566;

/** Starts the embedded cloud on loopback and resolves when it answers. */
export async function startCloud(options: CloudOptions = {}): Promise<RunningCloud> {
  const log = options.log ?? ((line) => process.stderr.write(`${line}\n`));
  const stores: Stores = options.dataDir ? await loadStores(options.dataDir) : new Map();
  const services = new Map(allServices.map((service) => [service.name, service]));
  const scratch = await mkdtemp(join(tmpdir(), 'stackyard-cloud-'));
  const { cloud, faults, listeningOn } = createCloud(services, stores, scratch, log);
  const { server, closeConnections } = createEndpoint(cloud, services, faults);
  const port = options.port ?? defaultPort;
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(port);
    throw error;
  }
  listeningOn((server.address() as AddressInfo).port);
  for (const service of allServices) service.start?.(cloud);

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    // Services first: their processes may still call the endpoint while they shut down.
    await Promise.all(allServices.map((service) => service.close?.(cloud)));
    server.close();
    closeConnections();
    if (options.dataDir) await saveStores(options.dataDir, stores);
    await rm(scratch, { recursive: true, force: true });
  }
  return {
    endpoint: cloud.endpoint,
    cloud,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function createCloud(
  services: ReadonlyMap<string, Service>,
  stores: Stores,
  scratch: string,
  log: (line: string) => void,
) {
  const clock = createClock();
  const faults = createFaults(clock);
  const work = createWork();
  let port = 0;

  const cloud: Cloud = {
    clock,
    work,
    scratch,
    log,
    get endpoint() {
      return `http://127.0.0.1:${port}`;
    },
    store<State extends object>(service: string, account: string, region: string, create: () => State): State {
      const key = `${service}/${account}/${region}`;
      let entry = stores.get(key);
      if (!entry) {
        entry = { service, account, region, state: create() };
        stores.set(key, entry);
      }
      return entry.state as State;
    },
    scopes(service) {
      return [...stores.values()]
        .filter((entry) => entry.service === service)
        .map(({ account, region }) => ({ account, region }));
    },
    async call<Output>(
      serviceName: string,
      operationName: string,
      input: Record<string, unknown>,
      { caller, region, signal }: Parameters<Cloud['call']>[3],
    ) {
      const service = services.get(serviceName);
      if (!service)
        throw new AwsError('NotImplementedException', `The embedded cloud has no service '${serviceName}'`, {
          status: 501,
        });
      const call = {
        cloud,
        caller,
        account: caller.account,
        region,
        requestId: randomUUID(),
        ...(signal && { signal }),
      };
      const answer = dispatch(service, operationName, input, call, faults);
      // What its caller can end may wait for as long as nothing happens: no work until something does.
      return (await (signal ? answer : work.track(answer))) as Output;
    },
    authorize: (caller, demands, context) => authorizer.authorize(caller, demands, context),
    assumeRole: (...taking) => authorizer.assumeRole(...taking),
    async authenticate(request) {
      const keys = (accessKeyId: string) => authorizer.credentialsOf(accessKeyId);
      const signed = verifySignature(request, clock.now(), keys, Date.now() + clock.jumped);
      if (!signed) return undefined;
      return { caller: authorizer.callerOf(signed.accessKeyId), region: signed.region, service: signed.service };
    },
  };
  const authorizer = createAuthorizer(cloud);
  return {
    cloud,
    faults,
    listeningOn(actual: number) {
      port = actual;
    },
  };
}
