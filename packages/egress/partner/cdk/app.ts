import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { PartnerStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-partner', owner: 'platform' });
new PartnerStack(new App(), 'egress-partner', { contextVariables });
