import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';

/** Throws BadRequestException with everything that is wrong. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw badRequest(message);
}

/** 400: an input that is missing, out of range or of another form. */
export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}

/** 404 */
export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message);
}

/** 409: it is there already, or in use. */
export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message);
}

/** An option whose effect the embedded cloud lacks. */
export function unsupported(what: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's API Gateway has no ${what}.`, { status: 501 });
}

const kinds = {
  ApiKey: 'API Key',
  Authorizer: 'Authorizer',
  Deployment: 'Deployment',
  Integration: 'Integration',
  Method: 'Method',
  Model: 'Model',
  RequestValidator: 'Request Validator',
  Resource: 'Resource',
  Response: 'Response status code',
  RestApi: 'API',
  Stage: 'Stage',
  UsagePlan: 'Usage Plan',
} as const;

export type Kind = keyof typeof kinds;

/** `Invalid … identifier specified`, which is how API Gateway says that something is not there. */
export function invalid(kind: Kind, id?: string): AwsError {
  const suffix =
    kind === 'RestApi' || kind === 'ApiKey' ? ` specified ${id === undefined ? '' : id}`.trimEnd() : ' specified';
  return notFound(`Invalid ${kinds[kind]} identifier${suffix}`);
}

/** The member of a map. Throws NotFoundException when it is not there. */
export function found<T>(map: ReadonlyMap<string, T>, id: string | undefined, kind: Kind): T {
  const value = id === undefined ? undefined : map.get(id);
  if (value === undefined) throw invalid(kind, id);
  return value;
}
