import { type APIGatewayClient, paginateGetUsagePlans } from '@aws-sdk/client-api-gateway';
import { type PlanName, planNames } from './plans.ts';

export type UsagePlanIds = Readonly<Record<PlanName, string>>;

/**
 * IDs of the stack's usage plans, which are named `<prefix>-free` and so on; read once. They cannot be settings of the functions:
 * the plans are of the API, and the API is of the functions.
 */
export function usagePlanIds(client: APIGatewayClient, prefix: string): () => Promise<UsagePlanIds> {
  let known: Promise<UsagePlanIds> | undefined;
  return () => {
    // What failed is asked for again.
    known ??= read(client, prefix).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function read(client: APIGatewayClient, prefix: string): Promise<UsagePlanIds> {
  const ids = new Map<string, string>();
  for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
    for (const { id, name } of items) if (id !== undefined && name !== undefined) ids.set(name, id);
  }
  const missing = planNames.filter((name) => !ids.has(`${prefix}-${name}`));
  if (missing.length > 0) throw new Error(`There are no usage plans ${missing.map((name) => `${prefix}-${name}`)}`);
  return Object.fromEntries(planNames.map((name) => [name, ids.get(`${prefix}-${name}`)])) as UsagePlanIds;
}
