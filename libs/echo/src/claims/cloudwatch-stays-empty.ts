import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { deployedEcho } from '../deployed-echo.ts';

/** Proof that nothing of the echo of a stack is in CloudWatch Logs, which its role is denied. */
export function claimCloudWatchStaysEmpty(stack: string): void {
  test('CloudWatch Logs, which the role is denied, holds nothing of the function', async () => {
    const echo = await deployedEcho(stack);
    await echo.echo({ lines: ['not for CloudWatch'] });
    const { LoggingConfig } = await new LambdaClient({}).send(
      new GetFunctionConfigurationCommand({ FunctionName: echo.functionName }),
    );
    const { logStreams } = await new CloudWatchLogsClient({})
      .send(new DescribeLogStreamsCommand({ logGroupName: LoggingConfig?.LogGroup }))
      .catch((error: Error) => {
        if (error instanceof ResourceNotFoundException) return { logStreams: [] };
        throw error;
      });
    expect(logStreams).toEqual([]);
  });
}
