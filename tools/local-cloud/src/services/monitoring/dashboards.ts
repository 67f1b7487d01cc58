import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';

export interface StoredDashboard {
  readonly name: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly tags: Map<string, string>;
}

/** "All dashboards in your account are global, not region-specific", PutDashboard, CloudWatch API Reference. */
export function dashboardsOf({ cloud, account }: Call): Map<string, StoredDashboard> {
  return cloud.store('dashboards', account, 'global', () => ({ dashboards: new Map<string, StoredDashboard>() }))
    .dashboards;
}

export const dashboardArn = (name: string, { account }: Call): string =>
  `arn:aws:cloudwatch::${account}:dashboard/${name}`;

export function dashboardNamed(name: string | undefined, call: Call): StoredDashboard {
  const dashboard = dashboardsOf(call).get(name ?? '');
  if (!dashboard) throw new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`);
  return dashboard;
}
