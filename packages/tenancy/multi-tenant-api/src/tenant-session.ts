import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** "AssumeRole": 15 minutes at least. */
const sessionSeconds = 900;
/** A session is not used in its last minutes: a request must not outlive it. */
const margin = 120_000;
/** Sessions an environment keeps; beyond, the oldest goes. */
const most = 200;

interface Session {
  readonly client: DynamoDBDocumentClient;
  readonly expires: number;
}

/**
 * Vends clients that can touch one tenant's rows and no others: the role's policy compares the partition key of every request
 * with the tag of the session. What the handler asks for wrongly is refused by IAM.
 */
export function tenantSessions(sts: STSClient, RoleArn: string) {
  const sessions = new Map<string, Session>();
  return async (tenantId: string): Promise<DynamoDBDocumentClient> => {
    const known = sessions.get(tenantId);
    if (known && known.expires - margin > Date.now()) return known.client;
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: tenantId.slice(0, 64),
        DurationSeconds: sessionSeconds,
        Tags: [{ Key: 'TenantId', Value: tenantId }],
      }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ credentials }));
    sessions.delete(tenantId);
    sessions.set(tenantId, { client, expires: Date.now() + sessionSeconds * 1000 });
    const [oldest] = sessions.keys();
    if (sessions.size > most && oldest !== undefined) sessions.delete(oldest);
    return client;
  };
}
