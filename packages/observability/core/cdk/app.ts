import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { ImageRepositoryStack } from './image-repository-stack.ts';
import { ObservabilityCoreStack } from './stack.ts';

const app = new App();
const contextVariables = getConfig({ context: 'observability-core', owner: 'platform' });
const imageRepository = new ImageRepositoryStack(app, 'image-repository', { contextVariables });
new ObservabilityCoreStack(app, 'core', { contextVariables, imageRepository });
