import type {
  DeleteDashboardsCommandInput,
  DeleteDashboardsCommandOutput,
  GetDashboardCommandInput,
  GetDashboardCommandOutput,
  ListDashboardsCommandInput,
  ListDashboardsCommandOutput,
  PutDashboardCommandInput,
  PutDashboardCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { lengthBetween, sizeBetween } from '../../constraints.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { dashboardArn, dashboardNamed, dashboardsOf } from './dashboards.ts';
import { invalidParameter, missingParameter, validate } from './errors.ts';

/** ListDashboards, CloudWatch API Reference: "up to 1,000 results on one page". */
const pageSize = 1000;
/** DeleteDashboards: "You may specify up to 100 dashboards to delete". */
const mostDeleted = 100;
const mostTags = 50;

export const putDashboard = operation<PutDashboardCommandInput, PutDashboardCommandOutput>({
  demands: (input, call) => [demand('PutDashboard', input.DashboardName, call)],
  async run(input, call) {
    const { DashboardName: name, DashboardBody: body } = input;
    if (name === undefined) throw missingParameter('DashboardName');
    if (body === undefined) throw missingParameter('DashboardBody');
    validate(lengthBetween('dashboardName', name, 1, 255), sizeBetween('tags', input.Tags?.length ?? 0, 0, mostTags));
    if (!/^[\w-]+$/.test(name)) {
      throw invalidParameter(
        'The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).',
      );
    }
    // The schema's validator is large, and most clouds never see a dashboard.
    const { checkDashboardBody } = await import('./dashboard-body.ts');
    checkDashboardBody(body);
    const dashboards = dashboardsOf(call);
    // "If you specify Tags when updating an existing dashboard, the tag updates are ignored", PutDashboard.
    const given = new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    const tags = dashboards.get(name)?.tags ?? given;
    dashboards.set(name, { name, body, modified: call.cloud.clock.now(), tags });
    return { DashboardValidationMessages: [] };
  },
});

export const getDashboard = operation<GetDashboardCommandInput, GetDashboardCommandOutput>({
  demands: (input, call) => [demand('GetDashboard', input.DashboardName, call)],
  run(input, call) {
    const { name, body } = dashboardNamed(input.DashboardName, call);
    return { DashboardArn: dashboardArn(name, call), DashboardBody: body, DashboardName: name };
  },
});

export const listDashboards = operation<ListDashboardsCommandInput, ListDashboardsCommandOutput>({
  run({ DashboardNamePrefix = '', NextToken = '' }, call) {
    const names = [...dashboardsOf(call).keys()].filter((name) => name.startsWith(DashboardNamePrefix)).sort();
    const rest = names.filter((name) => name > NextToken);
    const page = rest.slice(0, pageSize);
    return {
      DashboardEntries: page.map((name) => {
        const { body, modified } = dashboardNamed(name, call);
        return {
          DashboardName: name,
          DashboardArn: dashboardArn(name, call),
          LastModified: new Date(modified),
          Size: Buffer.byteLength(body),
        };
      }),
      ...(rest.length > pageSize && { NextToken: page.at(-1) }),
    };
  },
});

export const deleteDashboards = operation<DeleteDashboardsCommandInput, DeleteDashboardsCommandOutput>({
  demands: (input, call) => (input.DashboardNames ?? []).map((name) => demand('DeleteDashboards', name, call)),
  run({ DashboardNames = [] }, call) {
    validate(sizeBetween('dashboardNames', DashboardNames.length, 1, mostDeleted));
    // "If there is an error during this call, no dashboards are deleted", DeleteDashboards.
    for (const name of DashboardNames) dashboardNamed(name, call);
    for (const name of DashboardNames) dashboardsOf(call).delete(name);
    return {};
  },
});

function demand(action: string, name: string | undefined, call: Call): Demand {
  return { action: `cloudwatch:${action}`, resource: dashboardArn(name ?? '', call) };
}
