import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { SqsBatchingStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-sqs-batching', owner: 'platform' });
new SqsBatchingStack(new App(), 'egress-sqs-batching', { contextVariables });
