export { type CloudOptions, defaultPort, PortTakenError, type RunningCloud, startCloud } from './cloud.ts';
export { dockerStandIn } from './docker-stand-in.ts';
export type { Fault } from './faults.ts';
export { type LaunchedCloud, launchCloud } from './launch.ts';
export { defaultRegion, rootCredentials, startTestCloud } from './testing.ts';
