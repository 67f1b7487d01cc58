import type { CustomResponse, RateBasedStatement, Rule, Statement } from '@aws-sdk/client-wafv2';
import { emitMetric } from '../../metrics/metric-store.ts';
import type { Cloud, RawRequest } from '../../service.ts';
import { aggregationKey } from './aggregation.ts';
import { rateExceeded } from './rates.ts';
import { wafState } from './state.ts';

/** What stands behind an ACL. */
export interface Guarded {
  readonly account: string;
  readonly region: string;
  readonly webAclArn: string;
  /** Path as the client sent it to AWS. */
  readonly path: string;
}

export type Verdict =
  | { readonly blocked: false }
  | {
      readonly blocked: true;
      readonly custom?: CustomResponse;
      readonly body?: { readonly type: string; readonly content: string };
    };

/**
 * Runs a request through the rules of a web ACL, by priority: the first that matches and does not only count decides, else the
 * default action ("How AWS WAF handles rule and rule group actions").
 */
export function inspect(cloud: Cloud, guarded: Guarded, raw: RawRequest): Verdict {
  const { account, region, webAclArn } = guarded;
  const found = [...wafState(cloud, account, region).acls.values()].find(({ acl }) => acl.ARN === webAclArn);
  if (!found) return { blocked: false };
  const { acl } = found;
  const count = (name: string, Rule: string) => {
    const dimensions = { WebACL: acl.Name ?? '', Rule, Region: region };
    emitMetric(cloud, guarded, { namespace: 'AWS/WAFV2', name, dimensions }, 1, 'Count');
  };
  const look = (rule: Rule) =>
    matches(rule.Statement ?? {}, { cloud, raw, path: guarded.path, name: `${webAclArn} ${rule.Name}` });
  for (const rule of [...(acl.Rules ?? [])].sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0))) {
    if (!look(rule)) continue;
    const metric = rule.VisibilityConfig?.MetricName ?? rule.Name ?? '';
    if (rule.Action?.Count) count('CountedRequests', metric);
    if (rule.Action?.Allow) {
      count('AllowedRequests', metric);
      return { blocked: false };
    }
    if (rule.Action?.Block) {
      count('BlockedRequests', metric);
      return blocked(rule.Action.Block.CustomResponse, acl.CustomResponseBodies);
    }
  }
  if (acl.DefaultAction?.Block) {
    count('BlockedRequests', 'Default_Action');
    return blocked(acl.DefaultAction.Block.CustomResponse, acl.CustomResponseBodies);
  }
  count('AllowedRequests', 'Default_Action');
  return { blocked: false };
}

const bodyTypes: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
};

function blocked(
  custom: CustomResponse | undefined,
  bodies: Readonly<Record<string, { ContentType: string | undefined; Content: string | undefined }>> = {},
): Verdict {
  const body = bodies[custom?.CustomResponseBodyKey ?? ''];
  const { ContentType = '', Content = '' } = body ?? {};
  return {
    blocked: true,
    ...(custom && { custom }),
    ...(body && { body: { type: bodyTypes[ContentType] ?? 'text/plain', content: Content } }),
  };
}

interface Look {
  readonly cloud: Cloud;
  readonly raw: RawRequest;
  readonly path: string;
  /** The rule's, unique among all. */
  readonly name: string;
}

function matches(statement: Statement, look: Look): boolean {
  const { AndStatement, OrStatement, NotStatement, RateBasedStatement, ByteMatchStatement: bytes } = statement;
  if (AndStatement) return AndStatement.Statements?.every((one) => matches(one, look)) ?? false;
  if (OrStatement) return OrStatement.Statements?.some((one) => matches(one, look)) ?? false;
  if (NotStatement?.Statement) return !matches(NotStatement.Statement, look);
  if (RateBasedStatement) return rate(RateBasedStatement, look);
  if (!bytes) return false;
  const wanted = Buffer.from(bytes.SearchString ?? new Uint8Array()).toString();
  const given = transformed(fieldOf(bytes.FieldToMatch ?? {}, look), bytes.TextTransformations ?? []);
  switch (bytes.PositionalConstraint) {
    case 'EXACTLY':
      return given === wanted;
    case 'STARTS_WITH':
      return given.startsWith(wanted);
    case 'ENDS_WITH':
      return given.endsWith(wanted);
    case 'CONTAINS_WORD':
      return given.split(/\W+/).includes(wanted);
    default:
      return given.includes(wanted);
  }
}

type Bytes = NonNullable<Statement['ByteMatchStatement']>;

function fieldOf(
  { UriPath, QueryString, Method, SingleHeader }: NonNullable<Bytes['FieldToMatch']>,
  { raw, path }: Look,
): string {
  if (UriPath) return path;
  if (QueryString) return raw.query.toString();
  if (Method) return raw.method;
  return String(raw.headers[SingleHeader?.Name?.toLowerCase() ?? ''] ?? '');
}

function transformed(text: string, transformations: NonNullable<Bytes['TextTransformations']>): string {
  return [...transformations]
    .sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0))
    .reduce(
      (so, { Type }) => (Type === 'LOWERCASE' ? so.toLowerCase() : Type === 'URL_DECODE' ? decoded(so) : so),
      text,
    );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function rate(statement: RateBasedStatement, look: Look): boolean {
  if (statement.ScopeDownStatement && !matches(statement.ScopeDownStatement, look)) return false;
  const key = aggregationKey(statement, look);
  if (key === undefined) return false;
  const { Limit = 0, EvaluationWindowSec = 300 } = statement;
  return rateExceeded(look.cloud, `${look.name} ${key}`, { limit: Limit, windowMs: EvaluationWindowSec * 1000 });
}
