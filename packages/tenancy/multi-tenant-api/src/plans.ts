/** What a tenant buys. Limits are those of API Gateway usage plans; they can be changed there without a deployment. */
export interface Plan {
  /** Requests a day; API Gateway starts a new day at midnight UTC. */
  readonly requestsPerDay: number;
  readonly requestsPerSecond: number;
  /** Requests at once before the rate counts. */
  readonly burst: number;
  /** Writes (`POST /products`) a second and at once, within the limits above. */
  readonly writesPerSecond: number;
  readonly writeBurst: number;
}

export type PlanName = 'free' | 'standard' | 'premium';

export const plans: Readonly<Record<PlanName, Plan>> = {
  free: { requestsPerDay: 5, requestsPerSecond: 10, burst: 2, writesPerSecond: 1, writeBurst: 1 },
  standard: { requestsPerDay: 10_000, requestsPerSecond: 50, burst: 50, writesPerSecond: 10, writeBurst: 10 },
  premium: { requestsPerDay: 1_000_000, requestsPerSecond: 500, burst: 500, writesPerSecond: 100, writeBurst: 100 },
};

export const planNames = Object.keys(plans) as readonly PlanName[];

export function isPlanName(name: unknown): name is PlanName {
  return typeof name === 'string' && Object.hasOwn(plans, name);
}
