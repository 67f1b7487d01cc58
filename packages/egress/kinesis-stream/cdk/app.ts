import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { KinesisStreamStack } from './stack.ts';

const contextVariables = getConfig({ context: 'egress-kinesis-stream', owner: 'platform' });
new KinesisStreamStack(new App(), 'egress-kinesis-stream', { contextVariables });
