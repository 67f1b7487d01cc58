import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { LevelledStack } from './levelled-stack.ts';
import { SnsStack } from './stack.ts';

const app = new App();
new SnsStack(app, 'egress-sns', { contextVariables: getConfig({ context: 'egress-sns', owner: 'platform' }) });
const levelled = getConfig({ context: 'egress-sns-levelled', owner: 'platform' });
new LevelledStack(app, 'egress-sns-levelled', { contextVariables: levelled });
