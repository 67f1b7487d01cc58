import { account, eventually, faults } from '@stackyard/proof-kit';
import { type DeployedEcho, type EchoRequest, idOf, type MarkedLine, markedLine } from '../deployed-echo.ts';
import { countUnderFault, type FaultCount } from './fault-count.ts';

/** The echo under one fault: what it was sent, and what its environments are put through. */
export interface Scene {
  readonly functionName: string;
  /** Sends a request with so many lines; resolves when it is answered, whatever the answer. */
  send(count: number, more?: Partial<EchoRequest>): Promise<void>;
  /** The same with lines of 20 KB. */
  sendLarge(count: number): Promise<void>;
  /**
   * Sends a request that the function does not answer for a minute, and resolves when Lambda has all its lines. The function
   * resolves when it is answered.
   */
  sendAndHold(count: number): Promise<() => Promise<void>>;
  /** Resolves when all lines of this scene are in the stream. */
  arrived(): Promise<void>;
  /** Ends faults and environments, as Lambda ends them after a time without requests, and counts. */
  count(): Promise<FaultCount>;
}

/** Begins a scene with no environment standing. */
export async function beginScene(echo: DeployedEcho): Promise<Scene> {
  const { functionName } = echo;
  const lines: MarkedLine[] = [];
  let underWay = 0;
  await end();
  const records = (await echo.arrived()).length;

  async function end(): Promise<void> {
    await faults.clear();
    const standing = await faults.environments(functionName);
    if (standing.length > 0) await faults.shutDown({ function: functionName });
  }

  function marked(count: number, text = 'under fault'): string[] {
    const added = Array.from({ length: count }, () => markedLine(text));
    lines.push(...added);
    return added.map(({ line }) => line);
  }

  const linesTaken = async () =>
    (await faults.environments(functionName)).reduce((sum, { functionLines }) => sum + functionLines, 0);

  async function ask(request: EchoRequest): Promise<void> {
    underWay += 1;
    // What the fault makes of the answer is not the point here: the lines are.
    await echo.echo({ format: 'text', ...request }).catch(() => undefined);
    underWay -= 1;
  }

  const scene: Scene = {
    functionName,
    send: (count, more = {}) => ask({ ...more, lines: marked(count) }),
    sendLarge: (count) => ask({ lines: marked(count, 'x'.repeat(20_000)) }),
    async sendAndHold(count) {
      const before = await linesTaken();
      const answer = scene.send(count, { beforeResponseMs: 60_000 });
      await until(async () => (await linesTaken()) >= before + count, `${count} lines are not logged`);
      return () => answer;
    },
    async arrived() {
      const ids = lines.map(({ id }) => id);
      const arrivals = async () => (await echo.arrived()).flatMap((record) => idOf(record) ?? []);
      const ledger = await account(ids, arrivals, underWay === 0 ? () => ask({ lines: [] }) : undefined);
      const missing = ledger.missing().length;
      if (missing > 0) throw new Error(`${missing} of ${ids.length} lines are not in the stream`);
    },
    async count() {
      await end();
      return counted();
    },
  };
  return scene;

  async function counted(): Promise<FaultCount> {
    return countUnderFault(lines, (await echo.arrived()).slice(records));
  }
}

/** Waits until something holds. Rejects with `otherwise` after a minute. */
export async function until(holds: () => Promise<boolean>, otherwise: string): Promise<void> {
  const check = async () => {
    if (!(await holds())) throw new Error(otherwise);
  };
  await eventually(check, 60_000, 20);
}
