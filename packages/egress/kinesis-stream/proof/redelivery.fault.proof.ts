import { claimNothingTwice } from '@stackyard/egress/proof';
import { deployed } from './deployed-stream.ts';

claimNothingTwice({ deployed, order: 'arrival' });
