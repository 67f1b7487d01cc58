import type { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import type { OperationModel, ServiceModel } from './model.ts';

/** An HTTP answer; a body that comes piece by piece is sent so. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** One of AWS's wire protocols, server side. */
export interface Protocol {
  readonly name: 'json' | 'cbor' | 'query' | 'ec2-query' | 'rest-json' | 'rest-xml';
  /** The operation's name as the request gives it; it may be one the model does not know. Throws AwsError. */
  operationName(request: RawRequest, model: ServiceModel): string;
  readInput(request: RawRequest, operation: OperationModel, model: ServiceModel): Promise<Record<string, unknown>>;
  writeOutput(
    output: Record<string, unknown>,
    operation: OperationModel,
    context: { request: RawRequest; model: ServiceModel; requestId: string },
  ): Promise<Answer>;
  writeError(
    error: AwsError,
    context: { request: RawRequest; model: ServiceModel | undefined; requestId: string },
  ): Answer;
}
