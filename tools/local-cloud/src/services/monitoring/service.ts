import type { Service } from '../../service.ts';
import {
  deleteAlarms,
  describeAlarms,
  listTagsForResource,
  putMetricAlarm,
  setAlarmState,
  tagResource,
  untagResource,
} from './alarm-operations.ts';
import { alarmScopes } from './alarms.ts';
import { startEvaluation, stopEvaluation } from './evaluate.ts';
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './metric-data.ts';

/**
 * Amazon CloudWatch: metrics by the minute, of DynamoDB, Lambda, Kinesis and SNS and of one's own, and alarms on one metric that change
 * their state by the cloud's clock and tell topics and functions.
 */
export const monitoring: Service = {
  name: 'monitoring',
  iamPrefix: 'cloudwatch',
  model: () => import('@aws-sdk/client-cloudwatch'),
  xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  operations: {
    DeleteAlarms: deleteAlarms,
    DescribeAlarms: describeAlarms,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListMetrics: listMetrics,
    ListTagsForResource: listTagsForResource,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
  start(cloud) {
    if (alarmScopes(cloud).length > 0) startEvaluation(cloud);
  },
  async close(cloud) {
    stopEvaluation(cloud);
  },
};
