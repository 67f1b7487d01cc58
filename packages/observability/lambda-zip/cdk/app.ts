import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { LambdaZipStack } from './stack.ts';

const contextVariables = getConfig({ context: 'lambda-zip', owner: 'platform' });
new LambdaZipStack(new App(), 'lambda-zip', { contextVariables });
