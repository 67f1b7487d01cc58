import type { Operations } from '../../service.ts';
import { deleteAlarms, describeAlarms, putMetricAlarm, setAlarmState } from './alarm-operations.ts';
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from './dashboard-operations.ts';
import { getMetricData, getMetricStatistics, listMetrics } from './metric-data.ts';
import { putMetricData } from './put-metric-data.ts';
import { listTagsForResource, tagResource, untagResource } from './tag-operations.ts';

export const operations: Operations = {
  DeleteAlarms: deleteAlarms,
  DeleteDashboards: deleteDashboards,
  DescribeAlarms: describeAlarms,
  GetDashboard: getDashboard,
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListDashboards: listDashboards,
  ListMetrics: listMetrics,
  ListTagsForResource: listTagsForResource,
  PutDashboard: putDashboard,
  PutMetricAlarm: putMetricAlarm,
  PutMetricData: putMetricData,
  SetAlarmState: setAlarmState,
  TagResource: tagResource,
  UntagResource: untagResource,
};
