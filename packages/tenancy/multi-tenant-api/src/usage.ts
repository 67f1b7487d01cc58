import { type APIGatewayClient, GetUsageCommand, paginateGetApiKeys } from '@aws-sdk/client-api-gateway';

export interface Usage {
  /** The day that is counted, `YYYY-MM-DD`, in UTC. */
  readonly day: string;
  readonly used: number;
  readonly remaining: number;
}

/** What a tenant has used of its quota today; API Gateway's own count, some minutes late on AWS. */
export async function usageOf(
  gateway: APIGatewayClient,
  { keyName, usagePlanId }: { readonly keyName: string; readonly usagePlanId: string },
  now: number,
): Promise<Usage> {
  const day = new Date(now).toISOString().slice(0, 10);
  const { items = {} } = await gateway.send(
    new GetUsageCommand({ usagePlanId, keyId: await keyIdOf(gateway, keyName), startDate: day, endDate: day }),
  );
  const [used = 0, remaining = 0] = Object.values(items)[0]?.[0] ?? [];
  return { day, used, remaining };
}

/** The newest of a tenant's keys: after a rotation the one that counts. */
async function keyIdOf(gateway: APIGatewayClient, name: string): Promise<string | undefined> {
  const found = [];
  for await (const { items = [] } of paginateGetApiKeys({ client: gateway }, { nameQuery: name })) found.push(...items);
  const own = found.filter((key) => key.name === name);
  return own.sort((a, b) => Number(b.createdDate) - Number(a.createdDate))[0]?.id;
}
