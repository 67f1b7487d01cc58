const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * The milliseconds that `rate(value unit)` stands for; `undefined` when it is written wrongly. One is singular, more are
 * plural ("Rate expressions", EventBridge User Guide); `isStrict` asks for that, Scheduler takes both.
 */
export function readRate(expression: string, isStrict = false): number | undefined {
  const [, value = '', unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  if (unit === undefined || (isStrict && (value === '1') !== (plural === ''))) return undefined;
  return Number(value) * unitMs[unit as keyof typeof unitMs];
}
