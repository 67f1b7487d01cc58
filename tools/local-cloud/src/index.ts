export { type CloudOptions, defaultPort, PortTakenError, type RunningCloud, startCloud } from './cloud.ts';
export { dockerStandIn } from './docker-stand-in.ts';
export type { CutMoment, Effect, Fault } from './faults/fault.ts';
export { type LaunchedCloud, launchCloud } from './launch.ts';
export type { SentMessage } from './services/cognito-idp/outbox.ts';
export type { EnvironmentDescription, EnvironmentTarget } from './services/lambda/environment-control.ts';
export { defaultRegion, rootCredentials, startTestCloud } from './testing.ts';
