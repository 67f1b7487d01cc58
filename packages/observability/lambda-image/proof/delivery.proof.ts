import { claimCloudWatchStaysEmpty, claimDelivery } from '@stackyard/echo/claims';

claimDelivery('lambda-image');
claimCloudWatchStaysEmpty('lambda-image');
