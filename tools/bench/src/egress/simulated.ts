import type { Figure, Measurement } from '../figure.ts';
import { plotCallsPerSecond } from './plot.ts';
import { limitPerSecond, type Options, type Result, run } from './scenarios.ts';

const base = { environments: 100, load: 1.2, seconds: 60, storeMs: 5 } as const;

const tiny = { ...base, environments: 10, seconds: 240, shape: 'steady' } as const;
const several = {
  windows: [
    { count: 10, seconds: 1 },
    { count: 500, seconds: 60 },
  ],
};
const tenPerSecond = { windows: [{ count: 10, seconds: 1 }] };

/** Everything that can happen to it, by name. */
const scenarios: Readonly<Record<string, Options>> = {
  steady: { ...base, shape: 'steady', seconds: 120 },
  bursty: { ...base, shape: 'bursty' },
  spiky: { ...base, shape: 'spiky', load: 0.5 },
  'steady.90_percent': { ...base, shape: 'steady', load: 0.9 },
  'steady.1_environment': { ...base, shape: 'steady', environments: 1, seconds: 30 },
  'steady.10_environments': { ...base, shape: 'steady', environments: 10, seconds: 30 },
  'steady.1000_environments': { ...base, shape: 'steady', environments: 1_000, seconds: 24, goal: 98 },
  'steady.10000_environments': { ...base, shape: 'steady', environments: 10_000, seconds: 12, goal: 98 },
  'steady.store_1_ms': { ...base, shape: 'steady', storeMs: 1 },
  'steady.store_50_ms': { ...base, shape: 'steady', storeMs: 50 },
  'bursty.store_50_ms': { ...base, shape: 'bursty', storeMs: 50 },
  'steady.store_errors': { ...base, shape: 'steady', storeErrors: 0.01 },
  'steady.killed': { ...base, shape: 'steady', seconds: 120, killedPerSecond: 0.2 },
  'steady.documents': { ...base, shape: 'steady', seconds: 120, store: 'documents' },
  'steady.documents.store_errors': { ...base, shape: 'steady', store: 'documents', storeErrors: 0.01 },
  'bursty.everything': { ...base, shape: 'bursty', storeMs: 50, storeErrors: 0.01, killedPerSecond: 0.2 },
  'steady.several_windows': { ...tiny, limits: several },
  'steady.several_windows.concurrency': { ...tiny, limits: { ...several, concurrency: 5 } },
  'steady.spacing': { ...tiny, limits: { spacingMs: 90 }, goal: null },
  'steady.one_call_each': { ...tiny, limits: tenPerSecond, environments: 60, oneCallEach: true, goal: 98 },
  'steady.one_call_each.documents': {
    ...tiny,
    limits: tenPerSecond,
    environments: 60,
    oneCallEach: true,
    store: 'documents',
    goal: null,
  },
};

/** Virtual time: nothing of the machine is in these numbers, and they are the same each time. */
export const simulated: Measurement = {
  title: 'Simulated environments',
  async run(say) {
    const figures: Figure[] = [];
    for (const [name, options] of Object.entries(scenarios)) {
      say(name);
      figures.push(...figuresOf(name, options, await run(options)));
    }
    return figures;
  },
  async draw() {
    const options: Options = { ...base, shape: 'bursty' };
    const { outcome } = await run(options);
    const lines = [
      { name: 'without control', times: outcome.came },
      { name: 'with rate-control', times: outcome.arrivals },
    ];
    return { 'egress-calls.svg': await plotCallsPerSecond(lines, limitPerSecond, options.seconds) };
  },
};

const goals = { steady: 99, bursty: 97, spiky: null } as const;

function figuresOf(name: string, options: Options, result: Result): Figure[] {
  const { outcome, violations, utilisation, operations, fairness, waitMs } = result;
  const calls = `${outcome.arrivals.length.toLocaleString('en-US')} calls`;
  const { goal = goals[options.shape] } = options;
  const figure = (of: string, value: number, unit: string, rest: Partial<Figure>): Figure => {
    return { name: `egress.${of}.${name}`, value, unit, goal: null, better: 'lower', measured: '', ...rest };
  };
  const waits = `${Math.round(waitMs.p50)} ms, 99th percentile ${Math.round(waitMs.p99)} ms`;
  const of100 = options.environments === 100 && name === 'steady';
  return [
    figure('violations', violations, '', { goal: 0, measured: calls }),
    figure('utilisation', utilisation * 100, '%', { goal, better: 'higher', measured: `median wait ${waits}` }),
    figure('store_ops_per_permit', operations, '', {
      goal: of100 ? 0.02 : null,
      measured: `${(operations * 1000).toFixed(1)} for 1,000 calls, fairness ${fairness.toFixed(3)}`,
    }),
  ];
}
