import { fileURLToPath } from 'node:url';

/** Path of the program that the CDK CLI runs in place of Docker when CDK_DOCKER names it. */
export const dockerStandIn = fileURLToPath(new URL('images/docker.ts', import.meta.url));
