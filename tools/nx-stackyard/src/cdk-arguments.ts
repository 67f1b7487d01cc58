/** What a developer typed after Nx's `--`, and where it will run. */
export interface CdkCall {
  readonly given: readonly string[];
  /** True when the CLI talks to the embedded cloud on loopback. */
  readonly offline: boolean;
}

const contextFlags = ['-c', '--context', '-a', '--app'];
/** Verbs that want stacks named when an app has several; a pattern is always handled as a whole. */
const wholeAppVerbs = ['deploy', 'destroy'];
/** Flags of these verbs that take a value, so that the value is not taken for a stack's name. */
const valueFlags =
  /^(--(require-approval|outputs-file|method|concurrency|progress|toolkit-stack-name|parameters|tags|profile|role-arn|region|change-set-name|asset-parallelism|import-existing-resources)|-[aeOtr])$/;

/** The verb: the first word that is no option. */
export function verbOf(given: readonly string[]): string | undefined {
  return given.find((word) => !word.startsWith('-'));
}

/**
 * The arguments for the CDK CLI: the same words, on the assembly that `synth` made, for the whole app unless stacks are
 * named. On the embedded cloud nobody is asked to approve; on AWS the CLI's own rules hold.
 *
 * Throws when the words would change what was synthesised, because they would silently not.
 */
export function cdkArguments({ given, offline }: CdkCall): string[] {
  const verb = verbOf(given);
  if (!verb) throw new Error("Say what the CDK should do after '--': nx run <pattern>:cdk -- deploy | diff | destroy");
  const changing = given.find((word) => contextFlags.includes(word.split('=')[0] as string));
  if (changing) {
    throw new Error(
      `'${changing}' would come too late: the app is already synthesised. Choose the stage with the environment variable STACKYARD_STAGE, for example STACKYARD_STAGE=test nx run <pattern>:cdk -- ${verb}`,
    );
  }
  const args = [...given, '--app', 'cdk.out'];
  if (wholeAppVerbs.includes(verb) && !namesStacks(given)) args.push('--all');
  if (offline && verb === 'deploy' && !has(given, '--require-approval')) args.push('--require-approval', 'never');
  if (offline && verb === 'destroy' && !has(given, '--force') && !given.includes('-f')) args.push('--force');
  return args;
}

function has(given: readonly string[], flag: string): boolean {
  return given.some((word) => word === flag || word.startsWith(`${flag}=`));
}

function namesStacks(given: readonly string[]): boolean {
  if (given.includes('--all')) return true;
  const verbAt = given.findIndex((word) => !word.startsWith('-'));
  return given.slice(verbAt + 1).some((word, i, rest) => !word.startsWith('-') && !valueFlags.test(rest[i - 1] ?? ''));
}
