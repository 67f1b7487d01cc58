import { claimNothingTwice } from '@stackyard/egress/proof';
import { deployed } from './deployed-levelled.ts';

claimNothingTwice({ deployed, order: 'time', leapMs: 2_000_000 });
