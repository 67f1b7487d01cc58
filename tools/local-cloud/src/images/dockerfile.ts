import {
  DockerfileParser,
  type Flag,
  type Instruction,
  type JSONInstruction,
  type PropertyInstruction,
} from 'dockerfile-ast';
import { ImageError } from './oci.ts';

/** One instruction as it stands in the file, variables not yet replaced. */
export interface Step {
  readonly keyword: string;
  /** Beginning with 1. */
  readonly line: number;
  readonly flags: ReadonlyMap<string, string>;
  readonly args: readonly string[];
  /** The arguments as one text. */
  readonly text: string;
  /** The exec form's list (`CMD ["node", "a.js"]`); `undefined` in the shell form. */
  readonly json: readonly string[] | undefined;
  /** `NAME=value` pairs of ENV, LABEL and ARG; the value may be quoted, and is absent in `ARG NAME`. */
  readonly pairs: readonly { readonly name: string; readonly value: string | undefined }[];
}

export interface Stage {
  readonly name: string | undefined;
  readonly from: Step;
  readonly steps: readonly Step[];
}

export interface ParsedDockerfile {
  /** ARG instructions before the first FROM. */
  readonly globalArgs: readonly Step[];
  readonly stages: readonly Stage[];
}

/** Reads a Dockerfile. `file` is what errors call it. */
export function parseDockerfile(text: string, file: string): ParsedDockerfile {
  const globalArgs: Step[] = [];
  const stages: { name: string | undefined; from: Step; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = readStep(instruction, file);
    const current = stages.at(-1);
    if (step.keyword === 'FROM') stages.push({ name: stageName(step), from: step, steps: [] });
    else if (current) current.steps.push(step);
    else if (step.keyword === 'ARG') globalArgs.push(step);
    else throw new ImageError(`${file}:${step.line}: ${step.keyword} before the first FROM; only ARG may stand there`);
  }
  if (stages.length === 0) throw new ImageError(`${file}: it has no FROM, so there is nothing to build`);
  return { globalArgs, stages };
}

function stageName({ args }: Step): string | undefined {
  return args[1]?.toUpperCase() === 'AS' ? args[2]?.toLowerCase() : undefined;
}

function readStep(instruction: Instruction, file: string): Step {
  const line = instruction.getRange().start.line + 1;
  const keyword = instruction.getKeyword();
  const text = instruction.getArgumentsContent() ?? '';
  const { getFlags, getHeredocs, getProperties } = instruction as unknown as Partial<
    JSONInstruction & PropertyInstruction
  > & {
    getHeredocs?(): readonly unknown[];
  };
  if (getHeredocs?.call(instruction).length && keyword !== 'RUN') {
    throw new ImageError(
      `${file}:${line}: here-documents are not supported; put the text into a file and ${keyword} that`,
    );
  }
  const flags: readonly Flag[] = getFlags?.call(instruction) ?? [];
  return {
    keyword,
    line,
    flags: new Map(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    args: instruction.getArguments().map((argument) => argument.getValue()),
    text,
    json: jsonList(text),
    pairs: (getProperties?.call(instruction) ?? []).map((pair) => ({
      name: pair.getName(),
      value: pair.getUnescapedValue() ?? undefined,
    })),
  };
}

/** As Docker does, a list that is no valid JSON is read as the shell form. */
function jsonList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}
