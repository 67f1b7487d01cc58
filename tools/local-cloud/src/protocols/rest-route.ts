import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import { type OperationModel, requiredMembers, type ServiceModel } from './model.ts';

/** Where a REST operation lives: its URI template taken apart. */
interface Template {
  readonly operation: OperationModel;
  readonly method: string;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  /** Query parameters that must be there, with their values where the template gives one. */
  readonly literals: readonly (readonly [string, string])[];
  readonly needsBucket: boolean;
}

export interface RouteMatch {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

const templates = new WeakMap<ServiceModel, readonly Template[]>();

/**
 * Finds the operation a REST request means: method and path first, then whichever candidate has the most of its query
 * literals, required query parameters and required headers in the request. S3's templates leave the bucket out, because
 * clients put it in the host or in front of the path: it is taken from there and becomes the label `Bucket`.
 */
export function matchRoute(request: RawRequest, model: ServiceModel): RouteMatch {
  const s3 = model.service.name === 's3';
  const { bucket, path } = s3 ? splitBucket(request) : { bucket: undefined, path: request.path };
  let best: { score: number; match: RouteMatch } | undefined;
  for (const template of templatesOf(model)) {
    if (template.method !== request.method) continue;
    if (s3 && template.needsBucket !== (bucket !== undefined)) continue;
    const found = template.pattern.exec(path);
    if (!found) continue;
    const score = scoreOf(template, request);
    if (score < 0 || (best && best.score >= score)) continue;
    const labels = Object.fromEntries(template.labels.map((label, i) => [label, decodeLabel(found[i + 1] ?? '')]));
    if (bucket !== undefined) labels['Bucket'] = bucket;
    best = { score, match: { operation: template.operation, labels } };
  }
  if (!best) {
    throw new AwsError(
      'UnknownOperationException',
      `${request.method} ${request.path} is no operation of ${model.service.name}`,
      {
        status: 404,
      },
    );
  }
  return best.match;
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('SerializationException', `'${text}' in the path is not valid percent-encoding`, {
      status: 400,
    });
  }
}

function splitBucket(request: RawRequest): { bucket: string | undefined; path: string } {
  const host = /^([a-z0-9][a-z0-9.-]+)\.s3[.-]/.exec(request.headers.host ?? '');
  if (host) return { bucket: host[1], path: request.path };
  const [, bucket, rest] = /^\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
  return { bucket: bucket === undefined ? undefined : decodeLabel(bucket), path: rest ?? '/' };
}

/** -1 when something the operation cannot do without is missing; otherwise how much of it the request shows. */
function scoreOf(template: Template, request: RawRequest): number {
  let score = 0;
  for (const [name, value] of template.literals) {
    // `x-id` only tells operations apart in logs, other SDKs do not send it.
    if (name === 'x-id') {
      if (request.query.get('x-id') === value) score += 100;
      continue;
    }
    if (!request.query.has(name) || (value !== '' && request.query.get(name) !== value)) return -1;
    score += 2;
  }
  for (const name of requiredMembers(template.operation.input)) {
    const traits = template.operation.input.getMemberSchema(name).getMergedTraits();
    if (traits.httpQuery) {
      if (!request.query.has(traits.httpQuery as string)) return -1;
      score += 2;
    }
    if (traits.httpHeader) {
      if (request.headers[(traits.httpHeader as string).toLowerCase()] === undefined) return -1;
      score += 1;
    }
  }
  return score;
}

function templatesOf(model: ServiceModel): readonly Template[] {
  let list = templates.get(model);
  if (!list) {
    list = [...model.operations.values()].flatMap((operation) => template(operation) ?? []);
    templates.set(model, list);
  }
  return list;
}

function template(operation: OperationModel): Template | undefined {
  if (!operation.traits.http) return undefined;
  const [method, uri] = operation.traits.http;
  const [path = '/', query = ''] = uri.split('?');
  const labels: string[] = [];
  const source = path.replace(/\{([A-Za-z]+)(\+?)\}|[.*+?^${}()|[\]\\]/g, (text, label?: string, greedy?: string) => {
    if (!label) return `\\${text}`;
    labels.push(label);
    return greedy ? '(.+)' : '([^/]+)';
  });
  return {
    operation,
    method,
    pattern: new RegExp(`^${source.replace(/\/$/, '')}/?$`, 's'),
    labels,
    literals: [...new URLSearchParams(query)],
    needsBucket: operation.input.isStructSchema() && hasBucketLabel(operation),
  };
}

function hasBucketLabel(operation: OperationModel): boolean {
  for (const [name, member] of operation.input.structIterator()) {
    if (name === 'Bucket' && member.getMergedTraits().httpLabel) return true;
  }
  return false;
}
