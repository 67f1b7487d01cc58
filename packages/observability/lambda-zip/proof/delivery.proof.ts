import { claimCloudWatchStaysEmpty, claimDelivery } from '@stackyard/echo/claims';

claimDelivery('lambda-zip');
claimCloudWatchStaysEmpty('lambda-zip');
