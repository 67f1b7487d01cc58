import type { HttpRequest } from './http-request.ts';

/**
 * The values of `$request.header.Authorization`, `$request.querystring.tenant`, `$context.http.sourceIp`, `$stageVariables.a`;
 * `undefined` when one of them is missing or empty.
 */
export function identityOf(request: HttpRequest, sources: readonly string[] = []): readonly string[] | undefined {
  const values = sources.map((source) => sourceValue(request, source));
  return values.every((value): value is string => value !== undefined && value !== '') ? values : undefined;
}

function sourceValue({ raw, headers, stage, api, found }: HttpRequest, source: string): string | undefined {
  const [, root, name = ''] =
    /^\$(request\.header|request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (root === 'request.header') return headers[name.toLowerCase()];
  if (root === 'request.querystring') return raw.query.getAll(name).join(',') || undefined;
  if (root === 'stageVariables') return stage.StageVariables?.[name];
  const context: Readonly<Record<string, string | undefined>> = {
    accountId: api.account,
    apiId: api.id,
    'http.method': raw.method,
    'http.sourceIp': raw.sourceIp,
    'identity.sourceIp': raw.sourceIp,
    routeKey: found?.route.RouteKey,
    stage: stage.StageName,
  };
  return context[name];
}
