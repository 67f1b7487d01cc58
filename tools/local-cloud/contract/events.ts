import { events as service } from '../src/services/events/service.ts';
import type { Contract } from './contract.ts';
import { archiveClaims } from './events-archives.ts';
import { busClaims } from './events-buses.ts';
import { connectionClaims } from './events-connections.ts';
import { entryClaims } from './events-entries.ts';
import { patternClaims } from './events-patterns.ts';
import { ruleClaims } from './events-rules.ts';
import { targetClaims } from './events-targets.ts';

export const events: Contract = {
  service,
  claims: [
    ...busClaims,
    ...ruleClaims,
    ...targetClaims,
    ...entryClaims,
    ...patternClaims,
    ...connectionClaims,
    ...archiveClaims,
  ],
};
