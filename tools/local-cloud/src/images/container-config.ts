import { posix } from 'node:path';
import type { Step } from './dockerfile.ts';
import { type ContainerConfig, type Healthcheck, ImageError } from './oci.ts';

/** The configuration after one of the instructions that change nothing else; `undefined` for any other instruction. */
export function configured(
  { config, hasCmd }: { readonly config: ContainerConfig; readonly hasCmd: boolean },
  step: Step,
  expand: (text: string) => string,
): ContainerConfig | undefined {
  switch (step.keyword) {
    case 'CMD':
      return { ...config, Cmd: commandOf(step) };
    case 'ENTRYPOINT': {
      // "Dockerfile reference", ENTRYPOINT: it takes a CMD of the base image away.
      const { Cmd: _, ...rest } = config;
      return { ...(hasCmd ? config : rest), Entrypoint: commandOf(step) };
    }
    case 'ENV':
      return { ...config, Env: withVariables(config.Env ?? [], pairsOf(step, expand)) };
    case 'LABEL':
      return { ...config, Labels: { ...config.Labels, ...Object.fromEntries(pairsOf(step, expand)) } };
    case 'EXPOSE':
      return { ...config, ExposedPorts: { ...config.ExposedPorts, ...portsOf(step, expand) } };
    case 'USER':
      return { ...config, User: expand(step.text) };
    case 'HEALTHCHECK':
      return { ...config, Healthcheck: healthcheckOf(step) };
    case 'WORKDIR':
      return { ...config, WorkingDir: posix.resolve('/', config.WorkingDir ?? '', expand(step.text)) };
    default:
      return undefined;
  }
}

function commandOf({ json, text }: Step): readonly string[] {
  return json ?? ['/bin/sh', '-c', text];
}

function pairsOf({ pairs }: Step, expand: (text: string) => string): [string, string][] {
  return pairs.map(({ name, value }) => [name, expand(value ?? '')]);
}

function withVariables(env: readonly string[], pairs: readonly (readonly [string, string])[]): string[] {
  const merged = new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
  for (const [name, value] of pairs) merged.set(name, value);
  return [...merged].map(([name, value]) => `${name}=${value}`);
}

function portsOf({ args }: Step, expand: (text: string) => string): Record<string, Record<string, never>> {
  const ports = args.map((argument) => {
    const text = expand(argument);
    if (!/^\d{1,5}(\/(tcp|udp))?$/.test(text))
      throw new ImageError(`EXPOSE ${text} is no port, such as 8080 or 53/udp`);
    return [text.includes('/') ? text : `${text}/tcp`, {}] as const;
  });
  return Object.fromEntries(ports);
}

function healthcheckOf({ args, text, flags }: Step): Healthcheck {
  if (args[0]?.toUpperCase() === 'NONE') return { Test: ['NONE'] };
  if (args[0]?.toUpperCase() !== 'CMD') throw new ImageError('HEALTHCHECK is followed by CMD or NONE');
  const command = text.slice(text.toUpperCase().indexOf('CMD') + 'CMD'.length).trim();
  const duration = (flag: string) => {
    const value = flags.get(flag);
    return value === undefined ? undefined : nanoseconds(value);
  };
  const [Interval, Timeout, StartPeriod] = [duration('interval'), duration('timeout'), duration('start-period')];
  const retries = flags.get('retries');
  return {
    Test: command.startsWith('[') ? ['CMD', ...(JSON.parse(command) as string[])] : ['CMD-SHELL', command],
    ...(Interval !== undefined && { Interval }),
    ...(Timeout !== undefined && { Timeout }),
    ...(StartPeriod !== undefined && { StartPeriod }),
    ...(retries !== undefined && { Retries: Number(retries) }),
  };
}

/** Go's durations: `30s`, `1m30s`, `500ms`. */
function nanoseconds(text: string): number {
  const units: Record<string, number> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
  if (!/^(\d+(ms|s|m|h))+$/.test(text)) throw new ImageError(`'${text}' is no duration, such as 30s or 1m30s`);
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)].reduce(
    (sum, [, n, unit = '']) => sum + Number(n) * (units[unit] ?? 0),
    0,
  );
}
