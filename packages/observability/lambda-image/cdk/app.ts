import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { LambdaImageStack } from './stack.ts';

const contextVariables = getConfig({ context: 'lambda-image', owner: 'platform' });
new LambdaImageStack(new App(), 'lambda-image', { contextVariables });
