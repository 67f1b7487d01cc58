import type {
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput,
  DescribeRegionsCommandInput,
  DescribeRegionsCommandOutput,
} from '@aws-sdk/client-ec2';
import { filtered } from './describe.ts';
import { ec2Error } from './errors.ts';
import { ec2Operation, onAll } from './operation.ts';
import { zonesOf } from './zones.ts';

const describeAvailabilityZones = ec2Operation<
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput
>('DescribeAvailabilityZones', onAll, (input, { region }) => {
  const { ZoneNames, ZoneIds, Filters } = input;
  const zones = zonesOf(region);
  for (const name of ZoneNames ?? []) {
    if (zones.some((zone) => zone.name === name)) continue;
    throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${name}]`);
  }
  const all = zones
    .filter(({ name, id }) => (!ZoneNames || ZoneNames.includes(name)) && (!ZoneIds || ZoneIds.includes(id)))
    .map(({ name, id }) => ({
      ZoneName: name,
      ZoneId: id,
      RegionName: region,
      State: 'available' as const,
      OptInStatus: 'opt-in-not-required' as const,
      GroupName: `${region}-zg-1`,
      NetworkBorderGroup: region,
      ZoneType: 'availability-zone',
      Messages: [],
    }));
  return {
    AvailabilityZones: [
      ...filtered(all, Filters, {
        'group-name': (zone) => zone.GroupName,
        'opt-in-status': (zone) => zone.OptInStatus,
        'region-name': (zone) => zone.RegionName,
        state: (zone) => zone.State,
        'zone-id': (zone) => zone.ZoneId,
        'zone-name': (zone) => zone.ZoneName,
        'zone-type': (zone) => zone.ZoneType,
      }),
    ],
  };
});

/** The region of the call: others come to be when they are used. */
const describeRegions = ec2Operation<DescribeRegionsCommandInput, DescribeRegionsCommandOutput>(
  'DescribeRegions',
  onAll,
  ({ RegionNames, Filters }, { region }) => {
    const names = RegionNames ?? [region];
    const all = names.map((RegionName) => ({
      RegionName,
      Endpoint: `ec2.${RegionName}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    }));
    return {
      Regions: [
        ...filtered(all, Filters, {
          'region-name': (one) => one.RegionName,
          endpoint: (one) => one.Endpoint,
          'opt-in-status': (one) => one.OptInStatus,
        }),
      ],
    };
  },
);

export const zoneOperations = {
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeRegions: describeRegions,
};
