import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { deployedEcho } from '@stackyard/echo/deployed';
import { expect, test } from 'vitest';

test('the function is an image without layers', async () => {
  const { functionName: FunctionName } = await deployedEcho('lambda-image');
  const { Configuration, Code } = await new LambdaClient({}).send(new GetFunctionCommand({ FunctionName }));
  expect(Configuration).toMatchObject({ PackageType: 'Image' });
  expect(Configuration?.Layers ?? []).toEqual([]);
  expect(Code?.ImageUri).toBeTruthy();
});
