import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { SqsPartitioningStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-sqs-partitioning', owner: 'platform' });
new SqsPartitioningStack(new App(), 'egress-sqs-partitioning', { contextVariables });
