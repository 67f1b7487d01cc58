import { createHash } from 'node:crypto';
import type { TransactWriteItemsCommandInput, TransactWriteItemsCommandOutput } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../errors.ts';
import type { Call } from '../../../service.ts';

/** "A client request token is valid for 10 minutes after the first request that uses it is completed." (TransactWriteItems) */
const validMs = 10 * 60_000;

type Output = Omit<TransactWriteItemsCommandOutput, '$metadata'>;

interface Remembered {
  readonly digest: string;
  readonly until: number;
  readonly output: Output;
}

/**
 * What a transaction with this token answered within the last ten minutes. Throws
 * IdempotentParameterMismatchException when it was another transaction.
 */
export function recall(input: TransactWriteItemsCommandInput, call: Call): Output | undefined {
  const known = tokensOf(call).get(input.ClientRequestToken ?? '');
  if (!known || known.until <= call.cloud.clock.now()) return undefined;
  if (known.digest === digestOf(input)) return known.output;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request.',
  );
}

/** Keeps what a transaction with a token was answered, and forgets what is too old. */
export function remember(input: TransactWriteItemsCommandInput, call: Call, output: Output): void {
  if (input.ClientRequestToken === undefined) return;
  const tokens = tokensOf(call);
  const now = call.cloud.clock.now();
  for (const [token, { until }] of tokens) if (until <= now) tokens.delete(token);
  tokens.set(input.ClientRequestToken, { digest: digestOf(input), until: now + validMs, output });
}

function tokensOf({ cloud, account, region }: Call): Map<string, Remembered> {
  return cloud.store('dynamodb-transactions', account, region, () => ({ tokens: new Map<string, Remembered>() }))
    .tokens;
}

/** Of what the transaction does: how its answer is to look doesn't count. */
function digestOf({ TransactItems }: TransactWriteItemsCommandInput): string {
  return createHash('sha256').update(JSON.stringify(TransactItems)).digest('hex');
}
