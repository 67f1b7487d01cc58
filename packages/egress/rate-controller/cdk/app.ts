import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { RateControllerStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-rate-controller', owner: 'platform' });
new RateControllerStack(new App(), 'egress-rate-controller', { contextVariables });
