import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { SubscriptionFilterStack } from './stack.ts';

const contextVariables = getConfig({ context: 'subscription-filter', owner: 'platform' });
new SubscriptionFilterStack(new App(), 'subscription-filter', { contextVariables });
