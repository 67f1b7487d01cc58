import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { EventBridgeStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-eventbridge', owner: 'platform' });
new EventBridgeStack(new App(), 'egress-eventbridge', { contextVariables });
