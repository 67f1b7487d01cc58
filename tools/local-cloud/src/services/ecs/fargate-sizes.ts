import { clientError } from './errors.ts';

/** Memory in MiB that goes with CPU units: from, to, in steps of ("Task size", Amazon ECS Developer Guide). */
const sizes: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

export interface TaskSize {
  /** CPU units, of which a vCPU has 1,024. */
  readonly cpu: string;
  /** MiB. */
  readonly memory: string;
}

/** The size as ECS keeps it: `.25 vCPU` is 256, `1 GB` is 1024. Throws ClientException unless Fargate has it. */
export function fargateSize(cpu: string | undefined, memory: string | undefined): TaskSize {
  if (cpu === undefined || memory === undefined) {
    throw clientError(`Fargate requires that '${cpu === undefined ? 'cpu' : 'memory'}' be defined at the task level.`);
  }
  const units = amount(cpu, /^\s*([\d.]+)\s*vcpu\s*$/i);
  const mebibytes = amount(memory, /^\s*([\d.]+)\s*gb\s*$/i);
  if (units === undefined || !Object.hasOwn(sizes, units)) throw clientError("Invalid 'cpu' setting for task.");
  if (mebibytes === undefined) throw clientError("Invalid 'memory' setting for task.");
  const [from, to, step] = sizes[units] ?? [0, 0, 1];
  // 1.5 GB is the one step that a quarter of a vCPU does not have.
  const isStep = (mebibytes - from) % step === 0 && !(units === 256 && mebibytes === 1536);
  if (mebibytes < from || mebibytes > to || !isStep) {
    throw clientError('No Fargate configuration exists for given values.');
  }
  return { cpu: String(units), memory: String(mebibytes) };
}

function amount(text: string, inThousands: RegExp): number | undefined {
  const [, large] = inThousands.exec(text) ?? [];
  if (large !== undefined) return Number(large) * 1024;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
