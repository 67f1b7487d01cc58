import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { findRedrivable } from './find.ts';
import { readOptions, usage } from './options.ts';
import { redriveAll } from './redrive.ts';
import { resultsTable } from './table.ts';

async function main(): Promise<void> {
  const { stackName, yes, help } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const clients = {
    cloudformation: new CloudFormationClient({}),
    kinesis: new KinesisClient({}),
    lambda: new LambdaClient({}),
    s3: new S3Client({}),
    sqs: new SQSClient({}),
  };
  const found = await findRedrivable(clients, stackName);
  if (found.length === 0) {
    process.stdout.write(
      `${stackName} has no dead-letter queue of a queue or function and no failure bucket of a stream.\n`,
    );
    return;
  }
  const results = await redriveAll(found, yes, (from, done, of) => {
    process.stderr.write(`${from}: ${done} of ${of}\n`);
  });
  process.stdout.write(`${resultsTable(results)}\n`);
  if (!yes && results.some(({ waiting }) => waiting > 0)) {
    process.stdout.write('Nothing was changed. With --yes what waits is redriven.\n');
  }
  if (results.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
