import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { FargateFirelensStack } from './stack.ts';

const contextVariables = getConfig({ context: 'fargate-firelens', owner: 'platform' });
new FargateFirelensStack(new App(), 'fargate-firelens', { contextVariables });
