import { parseArgs } from 'node:util';

export const usage = `Usage: pnpm redrive <stack> [--yes]

Gives what a stack's event sources gave up another try: messages of dead-letter queues go back to their queues, records in
failure buckets back to their stream or, for DynamoDB streams, to the function, and events that a function was invoked with
asynchronously to the function. Without --yes it only says what it would do.

  <stack>  name of the stack, such as dev-egress-kinesis-stream
  --yes    do it

It goes to the account of your AWS credentials, or to the cloud that AWS_ENDPOINT_URL names.
`;

export interface Options {
  readonly stackName: string;
  readonly yes: boolean;
  readonly help: boolean;
}

/** Throws an Error that says what is wrong and how the command is used. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  const [stackName = '', ...more] = positionals;
  if (!values.help && (stackName === '' || more.length > 0)) {
    throw new Error(`It takes the name of one stack, not ${positionals.length}.\n\n${usage}`);
  }
  return { stackName, yes: values.yes, help: values.help };
}
