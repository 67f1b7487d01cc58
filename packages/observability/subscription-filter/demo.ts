import { echoShape } from '@stackyard/echo/demo';

export const shape = echoShape('Lambda + subscription filter', 'subscription-filter');
