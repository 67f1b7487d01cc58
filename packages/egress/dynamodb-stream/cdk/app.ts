import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { DynamodbStreamStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-dynamodb-stream', owner: 'platform' });
new DynamodbStreamStack(new App(), 'egress-dynamodb-stream', { contextVariables });
