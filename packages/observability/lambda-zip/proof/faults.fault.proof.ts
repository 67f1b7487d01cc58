import { claimNothingIsLost } from '@stackyard/echo/claims';

claimNothingIsLost('lambda-zip');
