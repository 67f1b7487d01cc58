import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const logsLogStream: ResourceProvider = {
  type: 'AWS::Logs::LogStream',
  properties: ['LogGroupName', 'LogStreamName'],
  async create(request) {
    const { LogGroupName: logGroupName } = request.properties;
    const logStreamName = request.properties['LogStreamName'] ?? physicalName(request, { longest: 512 });
    await request.call('logs', 'CreateLogStream', { logGroupName, logStreamName });
    return { physicalId: logStreamName };
  },
  async delete({ physicalId: logStreamName, properties, call }) {
    const { LogGroupName: logGroupName } = properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      call('logs', 'DeleteLogStream', { logGroupName, logStreamName }),
    );
  },
};
