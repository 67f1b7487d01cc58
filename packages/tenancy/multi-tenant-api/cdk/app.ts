import { getConfig } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { MultiTenantApiStack } from './stack.ts';

const contextVariables = getConfig({ context: 'multi-tenant-api', owner: 'platform' });
new MultiTenantApiStack(new App(), 'multi-tenant-api', { contextVariables });
