import type {
  DeleteIntegrationCommandInput,
  DeleteIntegrationCommandOutput,
  DeleteIntegrationResponseCommandInput,
  DeleteIntegrationResponseCommandOutput,
  GetIntegrationCommandInput,
  GetIntegrationCommandOutput,
  GetIntegrationResponseCommandInput,
  GetIntegrationResponseCommandOutput,
  Integration,
  IntegrationResponse,
  PutIntegrationCommandInput,
  PutIntegrationCommandOutput,
  PutIntegrationResponseCommandInput,
  PutIntegrationResponseCommandOutput,
  UpdateIntegrationCommandInput,
  UpdateIntegrationCommandOutput,
  UpdateIntegrationResponseCommandInput,
  UpdateIntegrationResponseCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { oneOf } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { badRequest, found, invalid, unsupported, validate } from './errors.ts';
import { methodOf } from './methods.ts';
import { number, type PatchRule, patched, takeOver, text, textMap } from './patch.ts';

/** "Amazon API Gateway quotas": an integration has 50 milliseconds to 29 seconds; more has to be asked for. */
const timeouts = { least: 50, most: 29_000 };

export const putIntegration = operation<PutIntegrationCommandInput, PutIntegrationCommandOutput>({
  run(input, call) {
    const { method } = methodOf(input, call);
    const { restApiId: _api, resourceId, httpMethod: _method, integrationHttpMethod, ...given } = input;
    const integration: Integration = {
      ...given,
      ...(integrationHttpMethod !== undefined && { httpMethod: integrationHttpMethod }),
      passthroughBehavior: input.passthroughBehavior ?? 'WHEN_NO_MATCH',
      timeoutInMillis: input.timeoutInMillis ?? timeouts.most,
      cacheNamespace: input.cacheNamespace ?? resourceId,
      cacheKeyParameters: input.cacheKeyParameters ?? [],
    };
    checkIntegration(integration);
    method.methodIntegration = integration;
    return integration;
  },
});

export const getIntegration = operation<GetIntegrationCommandInput, GetIntegrationCommandOutput>({
  run: (input, call) => integrationOf(input, call),
});

export const updateIntegration = operation<UpdateIntegrationCommandInput, UpdateIntegrationCommandOutput>({
  run(input, call) {
    const integration = integrationOf(input, call);
    const after = patched(integration, input.patchOperations, rules);
    checkIntegration(after);
    return takeOver(integration, after);
  },
});

export const deleteIntegration = operation<DeleteIntegrationCommandInput, DeleteIntegrationCommandOutput>({
  run(input, call) {
    integrationOf(input, call);
    delete methodOf(input, call).method.methodIntegration;
    return {};
  },
});

export const putIntegrationResponse = operation<
  PutIntegrationResponseCommandInput,
  PutIntegrationResponseCommandOutput
>({
  run(input, call) {
    const integration = integrationOf(input, call);
    const { restApiId: _api, resourceId: _resource, httpMethod: _method, ...response } = input;
    const { statusCode = '' } = input;
    if (!methodOf(input, call).method.methodResponses?.[statusCode]) throw invalid('Response');
    checkPattern(input.selectionPattern);
    integration.integrationResponses = { ...integration.integrationResponses, [statusCode]: response };
    return response;
  },
});

export const getIntegrationResponse = operation<
  GetIntegrationResponseCommandInput,
  GetIntegrationResponseCommandOutput
>({
  run: (input, call) => found(responsesOf(integrationOf(input, call)), input.statusCode, 'Response'),
});

export const updateIntegrationResponse = operation<
  UpdateIntegrationResponseCommandInput,
  UpdateIntegrationResponseCommandOutput
>({
  run(input, call) {
    const response = found(responsesOf(integrationOf(input, call)), input.statusCode, 'Response');
    const after = patched(response, input.patchOperations, [
      text<IntegrationResponse>('/selectionPattern', 'selectionPattern', ['replace', 'remove']),
      text<IntegrationResponse>('/contentHandling', 'contentHandling'),
      textMap<IntegrationResponse>('/responseParameters', 'responseParameters'),
      textMap<IntegrationResponse>('/responseTemplates', 'responseTemplates'),
    ]);
    checkPattern(after.selectionPattern);
    return takeOver(response, after);
  },
});

export const deleteIntegrationResponse = operation<
  DeleteIntegrationResponseCommandInput,
  DeleteIntegrationResponseCommandOutput
>({
  run(input, call) {
    const integration = integrationOf(input, call);
    const responses = responsesOf(integration);
    found(responses, input.statusCode, 'Response');
    responses.delete(input.statusCode ?? '');
    integration.integrationResponses = Object.fromEntries(responses);
    return {};
  },
});

function responsesOf({ integrationResponses = {} }: Integration): Map<string, IntegrationResponse> {
  return new Map(Object.entries(integrationResponses));
}

function integrationOf(input: Parameters<typeof methodOf>[0], call: Call): Integration {
  const { methodIntegration } = methodOf(input, call).method;
  if (!methodIntegration) throw invalid('Integration');
  return methodIntegration;
}

const rules: readonly PatchRule<Integration>[] = [
  text<Integration>('/uri', 'uri'),
  text<Integration>('/httpMethod', 'httpMethod'),
  text<Integration>('/credentials', 'credentials'),
  text<Integration>('/passthroughBehavior', 'passthroughBehavior'),
  text<Integration>('/contentHandling', 'contentHandling'),
  number<Integration>('/timeoutInMillis', 'timeoutInMillis'),
  textMap<Integration>('/requestParameters', 'requestParameters'),
  textMap<Integration>('/requestTemplates', 'requestTemplates'),
];

function checkIntegration(integration: Integration): void {
  const { type, uri, timeoutInMillis = timeouts.most } = integration;
  validate(
    oneOf('type', type, ['HTTP', 'AWS', 'MOCK', 'HTTP_PROXY', 'AWS_PROXY']),
    oneOf('passthroughBehavior', integration.passthroughBehavior, ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER']),
    oneOf('contentHandling', integration.contentHandling, ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT']),
    oneOf('connectionType', integration.connectionType, ['INTERNET', 'VPC_LINK']),
  );
  if (timeoutInMillis < timeouts.least || timeoutInMillis > timeouts.most) {
    throw badRequest(`Timeout should be between ${timeouts.least} ms and ${timeouts.most} ms`);
  }
  if (integration.connectionType === 'VPC_LINK') throw unsupported('VPC links');
  if (integration.responseTransferMode === 'STREAM')
    throw unsupported('streamed responses (responseTransferMode STREAM)');
  if (type === 'MOCK') return;
  if (!integration.httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    if (!/^https?:\/\/\S+$/.test(uri ?? '')) throw badRequest('Invalid HTTP endpoint specified for URI');
    return;
  }
  if (!/^arn:[\w-]+:apigateway:[\w-]+:[\w.-]+:(path|action)\/.+/.test(uri ?? '')) {
    throw badRequest('Invalid ARN specified in the request');
  }
  if (type === 'AWS_PROXY' && !/:lambda:path\/2015-03-31\/functions\/.+\/invocations$/.test(uri ?? '')) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
}

function checkPattern(pattern: string | undefined): void {
  try {
    new RegExp(pattern ?? '');
  } catch {
    throw badRequest(`Invalid selection pattern specified: ${pattern}`);
  }
}
