import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** How many invocations of a function there have been, and how many of them at once, by Lambda's own reports in its log. */
export async function invocationsOf(FunctionName: string): Promise<{ count: number; mostAtOnce: number }> {
  const { LoggingConfig } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const input = { logGroupName: LoggingConfig?.LogGroup, filterPattern: '{ $.type = "platform.*" }' };
  const steps: { readonly at: number; readonly change: 1 | -1 }[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogsClient({}) }, input)) {
    for (const { message = '' } of events) {
      const { time, type } = JSON.parse(message);
      if (type === 'platform.start') steps.push({ at: Date.parse(time), change: 1 });
      if (type === 'platform.report') steps.push({ at: Date.parse(time), change: -1 });
    }
  }
  // What ends in the moment in which another begins is no longer there.
  steps.sort((a, b) => a.at - b.at || a.change - b.change);
  let running = 0;
  const levels = steps.map(({ change }) => {
    running += change;
    return running;
  });
  return { count: steps.filter(({ change }) => change === 1).length, mostAtOnce: Math.max(0, ...levels) };
}
