import { randomInt } from 'node:crypto';
import type {
  Cors,
  CreateFunctionUrlConfigCommandInput,
  CreateFunctionUrlConfigCommandOutput,
  DeleteFunctionUrlConfigCommandInput,
  DeleteFunctionUrlConfigCommandOutput,
  FunctionUrlConfig,
  GetFunctionUrlConfigCommandInput,
  GetFunctionUrlConfigCommandOutput,
  ListFunctionUrlConfigsCommandInput,
  ListFunctionUrlConfigsCommandOutput,
  UpdateFunctionUrlConfigCommandInput,
  UpdateFunctionUrlConfigCommandOutput,
} from '@aws-sdk/client-lambda';
import { between, matches, oneOf, sizeBetween } from '../../constraints.ts';
import { type Call, type Cloud, type Demand, operation } from '../../service.ts';
import { functionDemand, onFunction } from './demands.ts';
import { conflict, notFound, resourceNotFound, validate } from './errors.ts';
import { arnOf, findFunction, functionOf, referenceOf } from './function-reference.ts';
import { lambdaDate } from './lambda-date.ts';
import { page } from './paging.ts';
import type { FunctionUrl, LambdaFunction } from './state.ts';

/** Path below the endpoint under which function URLs are served. */
export const functionUrlPath = '/lambda-url/';

function withAuthType(action: string) {
  return (input: UpdateFunctionUrlConfigCommandInput, call: Call): readonly Demand[] => [
    functionDemand(
      call,
      action,
      referenceOf(input, call),
      input.AuthType === undefined ? {} : { 'lambda:FunctionUrlAuthType': input.AuthType },
    ),
  ];
}

export const createFunctionUrlConfig = operation<
  CreateFunctionUrlConfigCommandInput,
  CreateFunctionUrlConfigCommandOutput
>({
  demands: withAuthType('CreateFunctionUrlConfig'),
  run(input, call) {
    checkInput(input);
    const reference = referenceOf(input, call);
    const found = findFunction(call.cloud, reference);
    const qualifier = reference.qualifier ?? '$LATEST';
    if (!found || (qualifier !== '$LATEST' && !found.aliases.has(qualifier))) throw notFound('Function does not exist');
    if (found.urls.has(qualifier)) {
      throw conflict(
        `Failed to create function url config for [functionArn = ${arnOf(reference)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      );
    }
    const now = lambdaDate(call.cloud.clock.now());
    const url: FunctionUrl = {
      id: newUrlId(),
      authType: input.AuthType ?? 'AWS_IAM',
      invokeMode: input.InvokeMode ?? 'BUFFERED',
      cors: input.Cors,
      created: now,
      lastModified: now,
    };
    found.urls.set(qualifier, url);
    return described(call.cloud, found, qualifier, url);
  },
});

export const updateFunctionUrlConfig = operation<
  UpdateFunctionUrlConfigCommandInput,
  UpdateFunctionUrlConfigCommandOutput
>({
  demands: withAuthType('UpdateFunctionUrlConfig'),
  run(input, call) {
    checkInput(input);
    const { found, qualifier, url } = urlNamed(input, call);
    const updated: FunctionUrl = {
      ...url,
      authType: input.AuthType ?? url.authType,
      invokeMode: input.InvokeMode ?? url.invokeMode,
      cors: input.Cors ? definedCors(input.Cors) : url.cors,
      lastModified: lambdaDate(call.cloud.clock.now()),
    };
    found.urls.set(qualifier, updated);
    return described(call.cloud, found, qualifier, updated);
  },
});

export const getFunctionUrlConfig = operation<GetFunctionUrlConfigCommandInput, GetFunctionUrlConfigCommandOutput>({
  demands: onFunction('GetFunctionUrlConfig'),
  run(input, call) {
    const { found, qualifier, url } = urlNamed(input, call);
    return described(call.cloud, found, qualifier, url);
  },
});

export const deleteFunctionUrlConfig = operation<
  DeleteFunctionUrlConfigCommandInput,
  DeleteFunctionUrlConfigCommandOutput
>({
  demands: onFunction('DeleteFunctionUrlConfig'),
  run(input, call) {
    const { found, qualifier } = urlNamed(input, call);
    found.urls.delete(qualifier);
    return {};
  },
});

export const listFunctionUrlConfigs = operation<
  ListFunctionUrlConfigsCommandInput,
  ListFunctionUrlConfigsCommandOutput
>({
  demands: onFunction('ListFunctionUrlConfigs'),
  run(input, call) {
    const found = functionOf(call.cloud, referenceOf(input, call));
    const all = [...found.urls].map(([qualifier, url]) => described(call.cloud, found, qualifier, url));
    const { items, next } = page(all, input, 50);
    return { FunctionUrlConfigs: items, NextMarker: next };
  },
});

interface UrlInput {
  readonly Qualifier?: string | undefined;
  readonly AuthType?: string | undefined;
  readonly InvokeMode?: string | undefined;
  readonly Cors?: Cors | undefined;
}

/** Limits of "Cors", Lambda API reference. */
function checkInput({ Qualifier, AuthType, InvokeMode, Cors: cors }: UrlInput): void {
  validate(
    matches('qualifier', Qualifier, '(^\\$LATEST$)|((?!^[0-9]+$)([a-zA-Z0-9-_]+))'),
    oneOf('authType', AuthType, ['NONE', 'AWS_IAM']),
    oneOf('invokeMode', InvokeMode, ['BUFFERED', 'RESPONSE_STREAM']),
    between('cors.maxAge', cors?.MaxAge, 0, 86_400),
    sizeBetween('cors.allowOrigins', cors?.AllowOrigins?.length ?? 0, 0, 100),
    sizeBetween('cors.allowMethods', cors?.AllowMethods?.length ?? 0, 0, 6),
    sizeBetween('cors.allowHeaders', cors?.AllowHeaders?.length ?? 0, 0, 100),
    sizeBetween('cors.exposeHeaders', cors?.ExposeHeaders?.length ?? 0, 0, 100),
    ...(cors?.AllowMethods ?? []).map((method) =>
      oneOf('cors.allowMethods', method, ['GET', 'PUT', 'HEAD', 'POST', 'PATCH', 'DELETE', '*']),
    ),
  );
}

/** An empty object takes CORS away. */
function definedCors(cors: Cors): Cors | undefined {
  return Object.values(cors).some((value) => value !== undefined) ? cors : undefined;
}

function urlNamed(
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
  call: Call,
): { found: LambdaFunction; qualifier: string; url: FunctionUrl } {
  const reference = referenceOf(input, call);
  const found = findFunction(call.cloud, reference);
  const qualifier = reference.qualifier ?? '$LATEST';
  const url = found?.urls.get(qualifier);
  if (!found || !url) throw resourceNotFound();
  return { found, qualifier, url };
}

/** AWS puts the id into the host name. One port serves everything here, so it is the beginning of the path. */
function described(cloud: Cloud, found: LambdaFunction, qualifier: string, url: FunctionUrl): FunctionUrlConfig {
  return {
    FunctionUrl: `${cloud.endpoint}${functionUrlPath}${url.id}/`,
    FunctionArn: qualifier === '$LATEST' ? found.arn : `${found.arn}:${qualifier}`,
    AuthType: url.authType,
    InvokeMode: url.invokeMode,
    CreationTime: url.created,
    LastModifiedTime: url.lastModified,
    ...(url.cors && { Cors: url.cors }),
  };
}

function newUrlId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 32 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
