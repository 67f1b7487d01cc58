import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';

/** Runs with the smallest buffer the extension takes, 2 MiB, so that it is full soon. */
export async function withSmallBuffer(functionName: string, run: () => Promise<void>): Promise<void> {
  const lambda = new LambdaClient({});
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));

  async function set(variables: Record<string, string>): Promise<void> {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Environment: { Variables: variables } }),
    );
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: functionName });
  }

  const own = Environment?.Variables ?? {};
  await set({ ...own, STACKYARD_TELEMETRY_BUFFER_BYTES: String(2 * 1024 * 1024) });
  try {
    await run();
  } finally {
    await set(own);
  }
}
