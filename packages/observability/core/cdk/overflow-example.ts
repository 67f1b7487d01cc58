import { getConfig } from '@stackyard/cdk-core';
import { observabilityCore, observabilityOverflow, parameterName } from '@stackyard/contracts';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ImageRepositoryStack } from './image-repository-stack.ts';
import { settings } from './settings.ts';
import { ObservabilityCoreStack } from './stack.ts';

// An example, and what a proof deploys: the core with an overflow bucket, and a function that writes there.
const app = new App();
const contextVariables = getConfig({ context: 'observability-core', owner: 'platform' });
const imageRepository = new ImageRepositoryStack(app, 'image-repository', { contextVariables });
const core = new ObservabilityCoreStack(app, 'core', {
  contextVariables,
  imageRepository,
  settings: { ...settings(contextVariables), overflow: { retention: Duration.days(14) } },
});

const stack = new Stack(app, 'overflow-proof');
stack.addStackDependency(core);
const published = (name: string) => StringParameter.valueForStringParameter(stack, name);
const ofCore = (name: keyof typeof observabilityCore.parameters) =>
  published(parameterName(observabilityCore, contextVariables.stage, name));
const bucket = published(parameterName(observabilityOverflow, contextVariables.stage, 'bucketName'));
const logs = new LambdaFunction(stack, 'Logs', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async (lines) => lines.forEach((line) => console.log(line));'),
  timeout: Duration.seconds(30),
  memorySize: 256,
  role: new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromManagedPolicyArn(stack, 'Writer', ofCore('writePolicyArn'))],
  }),
  layers: [LayerVersion.fromLayerVersionArn(stack, 'Extension', ofCore('layerArn'))],
  environment: {
    STACKYARD_TELEMETRY_STREAM: ofCore('streamName'),
    STACKYARD_TELEMETRY_OVERFLOW_BUCKET: bucket,
    STACKYARD_TELEMETRY_BUFFER_BYTES: `${2 * 1024 * 1024}`,
  },
});
new CfnOutput(stack, 'FunctionName', { value: logs.functionName });
new CfnOutput(stack, 'BucketName', { value: bucket });
