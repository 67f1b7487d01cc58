import { type Fault, faults } from '@stackyard/proof-kit';
import { type Scene, until } from './scene.ts';
import { withSmallBuffer } from './small-buffer.ts';

/** A fault that the lines of a function have to survive. */
export interface Scenario {
  readonly name: string;
  run(scene: Scene): Promise<void>;
  /** How many lines may be lost where the platform itself destroys them with their environment. Default: none. */
  readonly mayLose?: number;
}

/** The extension by the name of its file in /opt/extensions. */
const extension = 'telemetry';
const putRecords = { service: 'kinesis', operation: 'PutRecords' } as const;
const second = 1_000;

/**
 * A throttle that is over before the proofs of every change get slow, and long enough for all that the extension does about it:
 * trying again within its flush deadline of 2 s, giving up, trying again after 1 s and after 2 s more.
 */
const throttledMs = process.env['STACKYARD_FAULTS'] === 'long' ? 30 * second : 6 * second;

const lines = 300;

export const scenarios: readonly Scenario[] = [
  {
    name: 'Kinesis throttles',
    async run(scene) {
      await scene.send(lines);
      await scene.arrived();
      const fault = await faults.start({ ...putRecords, effect: { kind: 'throttle' } });
      const end = performance.now() + throttledMs;
      while (performance.now() < end) await scene.send(20, { beforeResponseMs: 250 });
      await fault.end();
      await scene.send(lines);
    },
  },
  {
    name: 'Kinesis refuses every second record of each request',
    run: (scene) => sendUnder(scene, { ...putRecords, effect: { kind: 'partial', every: 2 } }),
  },
  {
    name: 'Kinesis answers 500 to three requests',
    run: (scene) =>
      sendUnder(scene, { ...putRecords, times: 3, effect: { kind: 'fail', code: 'InternalFailure', status: 500 } }),
  },
  cutConnection('Nobody is there: connections are reset before a request is read', 'connect'),
  cutConnection('Connections are cut in the middle of the request', 'request'),
  cutConnection('Connections are cut before the answer, the work done', 'after'),
  cutConnection('Connections are cut in the middle of the answer', 'response'),
  {
    name: 'Freeze in the middle of a flush, the answer lost meanwhile',
    async run(scene) {
      await scene.send(lines);
      await scene.arrived();
      // The answer waits for the cloud's clock, so that it is due exactly while the environment is frozen.
      await faults.start({ ...putRecords, times: 1, effect: { kind: 'cut', when: 'after' } });
      const flush = await faults.start({ ...putRecords, times: 1, effect: { kind: 'delay', ms: 10 * second } });
      await scene.send(lines);
      await until(async () => (await flush.hits()) > 0, 'nothing is flushed');
      await faults.freeze({ function: scene.functionName });
      await faults.advanceClock(10 * second);
      await faults.thaw({ function: scene.functionName });
      await scene.send(lines);
    },
  },
  {
    name: 'Function timeout',
    async run(scene) {
      const answered = await scene.sendAndHold(lines);
      await faults.advanceClock(30 * second);
      await answered();
    },
  },
  killed('Function killed for lack of memory', 'runtime', 'out-of-memory'),
  killed('Runtime crash', 'runtime', 'crashed'),
  shutDownWith('SHUTDOWN with a full buffer', 95),
  shutDownWith('SHUTDOWN with a buffer that has overflowed', 200),
  {
    name: 'Burst: ten times the requests',
    async run(scene) {
      await scene.send(lines);
      await Promise.all(Array.from({ length: 10 }, () => scene.send(lines)));
    },
  },
  {
    name: 'Telemetry that is no telemetry',
    async run(scene) {
      const answered = await scene.sendAndHold(lines);
      for (const body of ['', '[', 'null', '{"time":1}', '[null, 7, {"type": []}]', '\0'.repeat(1000)]) {
        await faults.postTelemetry({ function: scene.functionName, body });
      }
      await faults.advanceClock(30 * second);
      await answered();
      await scene.send(lines);
    },
  },
  {
    name: 'Clock jumping: an hour behind, then an hour ahead',
    async run(scene) {
      await scene.send(lines);
      await faults.jumpClock(3_600 * second);
      await scene.send(lines);
      await faults.jumpClock(-7_200 * second);
      await scene.send(lines);
      await faults.shutDown({ function: scene.functionName });
      await faults.jumpClock(3_600 * second);
    },
  },
  killed('Extension killed, lines older than the flush age', extension, 'killed', 'flushed'),
  killed('Extension killed, lines just written', extension, 'killed', 'just written'),
  killed('Environment destroyed, lines older than the flush age', undefined, undefined, 'flushed'),
  killed('Environment destroyed, lines just written', undefined, undefined, 'just written'),
];

function cutConnection(name: string, when: 'connect' | 'request' | 'after' | 'response'): Scenario {
  return { name, run: (scene) => sendUnder(scene, { ...putRecords, times: 2, effect: { kind: 'cut', when } }) };
}

/** SHUTDOWN when Kinesis takes records again after it took none of these lines of 20 KB and one more; the buffer holds 2 MiB. */
function shutDownWith(name: string, largeLines: number): Scenario {
  return {
    name,
    run: (scene) =>
      withSmallBuffer(scene.functionName, async () => {
        const fault = await faults.start({ ...putRecords, effect: { kind: 'throttle' } });
        await scene.sendLarge(largeLines);
        // The environment runs on, so that all of it reaches the buffer while Kinesis takes nothing.
        await scene.send(1, { beforeResponseMs: 500 });
        await fault.end();
        await faults.shutDown({ function: scene.functionName });
      }),
  };
}

/** Sends lines before a fault, so that it hits no request of the start, and then while it lasts. */
async function sendUnder(scene: Scene, fault: Fault): Promise<void> {
  await scene.send(lines);
  await scene.arrived();
  const { hits } = await faults.start(fault);
  await scene.send(lines);
  await until(async () => (await hits()) > 0, 'the fault hits nothing');
}

/**
 * Kills in the middle of an invocation, after lines were logged. What the platform takes with it is lost unless it had been
 * shipped: `lines` that were just written, none that are older than the flush age.
 */
function killed(
  name: string,
  process: string | undefined,
  cause: 'out-of-memory' | 'crashed' | 'killed' | undefined,
  moment?: 'flushed' | 'just written',
): Scenario {
  return {
    name,
    ...(moment === 'just written' ? { mayLose: lines } : {}),
    async run(scene) {
      await scene.send(lines);
      await scene.arrived();
      const answered = await scene.sendAndHold(lines);
      if (moment === 'flushed') await scene.arrived();
      await faults.kill({ function: scene.functionName, ...(process ? { process } : {}), ...(cause ? { cause } : {}) });
      await answered();
    },
  };
}
