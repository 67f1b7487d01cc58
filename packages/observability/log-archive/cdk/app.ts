import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { LogArchiveStack } from './stack.ts';

const contextVariables = getConfig({ context: 'log-archive', owner: 'platform' });
new LogArchiveStack(new App(), 'log-archive', { contextVariables });
