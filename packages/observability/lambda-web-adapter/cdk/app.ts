import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { LambdaWebAdapterStack } from './stack.ts';

const contextVariables = getConfig({ context: 'lambda-web-adapter', owner: 'platform' });
new LambdaWebAdapterStack(new App(), 'lambda-web-adapter', { contextVariables });
