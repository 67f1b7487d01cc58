import { parseArgs } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { redrive } from './redrive.ts';

const { queue, function: functionName } = parseArgs({
  options: { queue: { type: 'string' }, function: { type: 'string' } },
}).values;

if (!queue || !functionName) {
  process.stderr.write('usage: pnpm redrive --queue FAILURE_QUEUE_URL --function FUNCTION_NAME\n');
  process.exitCode = 2;
} else {
  const count = await redrive({ sqs: new SQSClient({}), lambda: new LambdaClient({}), queueUrl: queue, functionName });
  process.stdout.write(`${count} events redriven\n`);
}
