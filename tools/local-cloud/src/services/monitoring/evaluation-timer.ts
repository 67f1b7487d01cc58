import type { Cloud } from '../../service.ts';

/** "Alarms are evaluated every minute" for periods of a minute and longer, Using Amazon CloudWatch alarms. */
const everyMs = 60_000;

const evaluations = new WeakMap<Cloud, () => void>();

/** Calls `evaluate` every minute of the cloud's time; a second call does nothing. */
export function evaluateEveryMinute(cloud: Cloud, evaluate: () => void): void {
  if (evaluations.has(cloud)) return;
  const again = () => {
    evaluations.set(cloud, cloud.clock.after(everyMs, again));
    evaluate();
  };
  evaluations.set(cloud, cloud.clock.after(everyMs, again));
}

export function stopEvaluation(cloud: Cloud): void {
  evaluations.get(cloud)?.();
  evaluations.delete(cloud);
}
