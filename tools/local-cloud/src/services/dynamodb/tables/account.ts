import type {
  DescribeEndpointsCommandInput,
  DescribeEndpointsCommandOutput,
  DescribeLimitsCommandInput,
  DescribeLimitsCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { operation } from '../../../service.ts';

/** Default quotas: "80,000 read capacity units and 80,000 write capacity units" an account, 40,000 a table. */
export const describeLimits = operation<DescribeLimitsCommandInput, DescribeLimitsCommandOutput>({
  run: () => ({
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  }),
});

export const describeEndpoints = operation<DescribeEndpointsCommandInput, DescribeEndpointsCommandOutput>({
  run: (_input, { cloud }) => ({
    Endpoints: [{ Address: new URL(cloud.endpoint).host, CachePeriodInMinutes: 1440 }],
  }),
});
