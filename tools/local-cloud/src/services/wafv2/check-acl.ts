import type { RateBasedStatement, Rule, Statement, WebACL } from '@aws-sdk/client-wafv2';
import { invalid, unsupported } from './errors.ts';

/** What a web ACL may hold here. Throws WAFInvalidParameterException, and 501 for what AWS has and the embedded cloud has not. */
export function checkAcl({ Name = '', Rules = [], DefaultAction, CustomResponseBodies = {} }: Partial<WebACL>): void {
  if (!/^[\w-]{1,128}$/.test(Name))
    throw invalid('The name contains characters that are not allowed', 'ENTITY_NAME', Name);
  if (!DefaultAction?.Allow === !DefaultAction?.Block) {
    throw invalid(
      'You must specify one default action: Allow or Block',
      'DEFAULT_ACTION',
      JSON.stringify(DefaultAction),
    );
  }
  for (const [index, rule] of Rules.entries()) {
    const { Name: name, Priority, Action } = rule;
    if (Rules.findIndex((other) => other.Name === name) !== index)
      throw invalid('Rule names must be unique', 'RULE', name);
    if (Rules.findIndex((other) => other.Priority === Priority) !== index) {
      throw invalid('Rule priorities must be unique', 'PRIORITY', Priority);
    }
    checkAction(rule);
    const key = Action?.Block?.CustomResponse?.CustomResponseBodyKey;
    if (key !== undefined && !CustomResponseBodies[key])
      throw invalid('The custom response body is not there', 'CUSTOM_RESPONSE', key);
    checkStatement(rule.Statement ?? {});
  }
}

function checkAction({ Name, Action, OverrideAction, RuleLabels }: Rule): void {
  if (Action?.Captcha || Action?.Challenge || Action?.Monetize) throw unsupported('actions but Allow, Block and Count');
  if (OverrideAction) throw unsupported('rule groups (OverrideAction)');
  if (RuleLabels?.length) throw unsupported('labels (RuleLabels)');
  if (!Action || Object.values(Action).filter(Boolean).length !== 1) {
    throw invalid('A rule must have exactly one action', 'RULE_ACTION', Name);
  }
}

const known = ['AndStatement', 'ByteMatchStatement', 'NotStatement', 'OrStatement', 'RateBasedStatement'];

function checkStatement(statement: Statement, nested = false): void {
  const kinds = Object.entries(statement).flatMap(([kind, value]) => (value === undefined ? [] : [kind]));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    throw invalid('A statement must be of exactly one kind', 'STATEMENT', kinds.join());
  if (!known.includes(kind)) throw unsupported(`statements of the kind ${kind}: it has ${known.join(', ')}`);
  const { AndStatement, OrStatement, NotStatement, RateBasedStatement, ByteMatchStatement } = statement;
  if (nested && RateBasedStatement) throw invalid('A rate-based statement cannot be nested', 'STATEMENT', kind);
  for (const one of AndStatement?.Statements ?? OrStatement?.Statements ?? []) checkStatement(one, true);
  if (NotStatement?.Statement) checkStatement(NotStatement.Statement, true);
  if (RateBasedStatement) checkRate(RateBasedStatement);
  const { UriPath, QueryString, Method, SingleHeader } = ByteMatchStatement?.FieldToMatch ?? {};
  if (ByteMatchStatement && !(UriPath ?? QueryString ?? Method ?? SingleHeader)) {
    throw unsupported('fields to match but UriPath, QueryString, Method and SingleHeader');
  }
  const transformation = ByteMatchStatement?.TextTransformations?.find(
    ({ Type }) => !['NONE', 'LOWERCASE', 'URL_DECODE'].includes(Type ?? ''),
  );
  if (transformation)
    throw unsupported(`text transformation ${transformation.Type}: it has NONE, LOWERCASE, URL_DECODE`);
}

/** "RateBasedStatement": from 10 requests on, in 1, 2, 5 or 10 minutes. */
function checkRate(statement: RateBasedStatement): void {
  const { Limit = 0, EvaluationWindowSec = 300, AggregateKeyType, CustomKeys = [] } = statement;
  const { ScopeDownStatement, ForwardedIPConfig } = statement;
  if (Limit < 10 || Limit > 2_000_000_000) throw invalid('The rate limit is out of range', 'RATE_LIMIT', Limit);
  if (![60, 120, 300, 600].includes(EvaluationWindowSec)) {
    throw invalid('The evaluation window is none of 60, 120, 300, 600', 'EVALUATION_WINDOW', EvaluationWindowSec);
  }
  if (AggregateKeyType === 'CUSTOM_KEYS') {
    const other = CustomKeys.flatMap((key) => Object.keys(key)).find(
      (kind) => !['Header', 'IP', 'ForwardedIP', 'HTTPMethod', 'UriPath'].includes(kind),
    );
    if (other) throw unsupported(`custom key ${other}: it has Header, IP, ForwardedIP, HTTPMethod and UriPath`);
    if (CustomKeys.length === 0) throw invalid('Custom keys must be given', 'CUSTOM_KEYS', '');
  }
  const forwarded = AggregateKeyType === 'FORWARDED_IP' || CustomKeys.some(({ ForwardedIP }) => ForwardedIP);
  if (forwarded && !ForwardedIPConfig) {
    throw invalid('The header of forwarded addresses must be given', 'FORWARDED_IP_CONFIG', AggregateKeyType);
  }
  if (AggregateKeyType === 'CONSTANT' && !ScopeDownStatement) {
    throw invalid('A scope-down statement is needed to count all requests', 'SCOPE_DOWN', AggregateKeyType);
  }
  if (ScopeDownStatement) checkStatement(ScopeDownStatement, true);
}
