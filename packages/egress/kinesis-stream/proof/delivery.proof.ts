import { claimFolding } from '@stackyard/egress/proof';
import { deployed } from './deployed-stream.ts';

claimFolding({ deployed, order: 'arrival' });
