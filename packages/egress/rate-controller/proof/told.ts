import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** The sum of a metric that a function has written into its log, as embedded metrics. */
export async function toldBy(FunctionName: string, metric: string): Promise<number> {
  const { LoggingConfig } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const input = { logGroupName: LoggingConfig?.LogGroup, filterPattern: `"${metric}"` };
  let sum = 0;
  for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogsClient({}) }, input)) {
    for (const { message = '' } of events) {
      const values = JSON.parse(message)[metric] as number | readonly number[];
      sum += [values].flat().reduce((all, value) => all + value, 0);
    }
  }
  return sum;
}
