import { claimFolding } from '@stackyard/egress/proof';
import { deployed } from './deployed-levelled.ts';

claimFolding({ deployed, order: 'time', leapMs: 2_000_000 });
