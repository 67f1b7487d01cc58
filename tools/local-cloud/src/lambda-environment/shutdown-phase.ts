import type { Sandbox } from './sandbox.ts';
import type { EnvironmentSpec } from './types.ts';

export type ShutdownReason = 'SPINDOWN' | 'TIMEOUT' | 'FAILURE';

/**
 * "Shutdown phase", Lambda guide: nothing without extensions, 500 ms with internal ones only, 2,000 ms with an external
 * one. Of these the runtime may take 300 ms, with an internal extension 500 ms ("Duration limits").
 */
function budget({ extensions: { extensions } }: Sandbox): { runtimeMs: number; allMs: number } {
  const registered = extensions.filter(({ state }) => state !== 'Started' && state !== 'LaunchError');
  const runtimeMs = registered.some(({ external }) => !external) ? 500 : 300;
  if (registered.some(({ external }) => external)) return { runtimeMs, allMs: 2_000 };
  return registered.length > 0 ? { runtimeMs, allMs: runtimeMs } : { runtimeMs: 0, allMs: 0 };
}

/** How long the event may wait for the last telemetry to be taken; AWS names no time. */
const flushMs = 200;

/** SHUTDOWN: first the runtime ends, then the extensions get the event, then everyone is killed who is left. */
export async function shutDown(sandbox: Sandbox, { clock }: EnvironmentSpec, reason: ShutdownReason): Promise<void> {
  const { processes, extensions, relay, server } = sandbox;
  const { runtimeMs, allMs } = budget(sandbox);
  const startedAt = clock.now();
  sandbox.expectExits();

  /** Waits for processes until `sinceStartMs` after the beginning, then kills them. */
  async function end(leaving: typeof processes, sinceStartMs: number): Promise<void> {
    const kill = () => {
      for (const process of leaving) process.signal('SIGKILL');
    };
    const remaining = startedAt + sinceStartMs - clock.now();
    if (remaining <= 0) kill();
    const stopTimer = clock.after(Math.max(0, remaining), kill);
    await Promise.all(leaving.map(({ exited }) => exited));
    stopTimer();
  }

  const runtime = processes.filter(({ name }) => name === 'runtime');
  const others = processes.filter(({ name }) => name !== 'runtime');
  if (allMs > 0) {
    sandbox.thaw();
    for (const process of runtime) process.signal('SIGTERM');
  }
  await end(runtime, runtimeMs);
  // Whatever was printed to the last moment is delivered before the event that makes the extensions send it on.
  const tooSlow = new AbortController();
  await Promise.race([relay.flush(), clock.sleep(flushMs, tooSlow.signal).catch(() => {})]);
  tooSlow.abort();
  const subscribed = new Set(
    extensions.extensions.filter(({ events }) => events.includes('SHUTDOWN')).map(({ name }) => name),
  );
  for (const process of others) if (!subscribed.has(process.name)) process.signal('SIGKILL');
  extensions.release('SHUTDOWN', {
    eventType: 'SHUTDOWN',
    shutdownReason: reason,
    deadlineMs: Math.round(startedAt + allMs),
  });
  await end(others, allMs);
  relay.destroy();
  await server.close();
}
