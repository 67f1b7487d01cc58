import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});
const TableName = process.env['LIMIT_TABLE'];
const count = Number(process.env['CALLS_PER_SECOND']);
const windowMs = 1000;

/** The newest state this environment has seen: when calls were let in, oldest first. */
let known: { version: number; times: readonly number[] } = { version: 0, times: [] };

/**
 * Lets a call in if no sliding window of a second has more calls with it than the limit; all environments count together.
 * `time` is when, in milliseconds since the epoch. Else `retryAfterMs` is when there is room again, if nobody else takes it.
 */
export async function letIn(): Promise<{ readonly time: number } | { readonly retryAfterMs: number }> {
  for (;;) {
    const time = Date.now();
    const recent = known.times.filter((earlier) => earlier > time - windowMs);
    const oldest = recent.at(-count);
    if (oldest !== undefined) return { retryAfterMs: oldest + windowMs - time };
    const [version, times] = [known.version + 1, [...recent, time]];
    if (await written(version, times)) {
      known = { version, times };
      return { time };
    }
  }
}

/** False when another environment was faster; then `known` is what it has written. */
async function written(version: number, times: readonly number[]): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName,
    Key: { name: { S: 'limited' } },
    UpdateExpression: 'SET version = :next, #times = :times',
    ConditionExpression: 'version = :version OR attribute_not_exists(version)',
    ExpressionAttributeNames: { '#times': 'times' },
    ExpressionAttributeValues: {
      ':version': { N: String(version - 1) },
      ':next': { N: String(version) },
      ':times': { L: times.map((time) => ({ N: String(time) })) },
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await dynamodb.send(update);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    known = {
      version: Number(error.Item?.['version']?.N),
      times: error.Item?.['times']?.L?.map(({ N }) => Number(N)) ?? [],
    };
    return false;
  }
}
