import type { UserPool } from './state.ts';

/** `https://cognito-idp.<region>.amazonaws.com/<pool>`, offline too: what verifies tokens on AWS verifies these. */
export function issuerOf({ region, id }: UserPool): string {
  return `https://cognito-idp.${region}.amazonaws.com/${id}`;
}
