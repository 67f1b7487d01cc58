import { defineContract } from './contract.ts';

/** What the egress patterns call: the stand-in of this repository, or whoever publishes these parameters in its place. */
export const egressPartner = defineContract('egress-partner', {
  url: { path: 'url', description: 'Function URL that takes events; wants requests signed for the service lambda' },
  functionArn: { path: 'function/arn', description: 'ARN of the function behind the URL, for the right to call it' },
});
