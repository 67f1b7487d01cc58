import { gateway } from './cloud/gateway.ts';
import { http } from './cloud/http.ts';
import { invoke } from './cloud/invoke.ts';
import { leak } from './cloud/leak.ts';
import { leakRecords } from './cloud/leak-records.ts';
import { plan } from './cloud/plan.ts';
import { putRecords } from './cloud/put-records.ts';
import { queue } from './cloud/queue.ts';
import { start } from './cloud/start.ts';
import { comparedOnDynamoDb, comparedOnRedis } from './egress/compared.ts';
import { migration } from './egress/migration.ts';
import { simulated } from './egress/simulated.ts';
import { cost } from './extension/cost.ts';
import { invoke as extensionInvoke } from './extension/invoke.ts';
import { lines } from './extension/lines.ts';
import { start as extensionStart } from './extension/start.ts';
import type { Measurement } from './figure.ts';
import { authorizer } from './tenancy/authorizer.ts';
import { flood } from './tenancy/flood.ts';

/** What `pnpm bench <name>` measures, in this order. */
export const benchmarks: Readonly<Record<string, readonly Measurement[]>> = {
  cloud: [start, plan, putRecords, queue, gateway, invoke, http],
  leak: [leak, leakRecords],
  egress: [simulated, migration, comparedOnRedis, comparedOnDynamoDb],
  extension: [extensionStart, lines, extensionInvoke, cost],
  tenancy: [authorizer, flood],
};

/** Takes minutes, and runs when it is named. */
export const onlyByName: readonly string[] = ['leak'];
