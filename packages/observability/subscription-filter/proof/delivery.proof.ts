import { claimDelivery } from '@stackyard/echo/claims';

claimDelivery('subscription-filter');
