import { claimFreeze } from '@stackyard/echo/claims';

claimFreeze('lambda-zip');
