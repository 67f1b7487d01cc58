import type { Stage } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../service.ts';
import { apiGatewayState } from '../apigateway/state.ts';
import { nonexistent, unsupported } from './errors.ts';

/**
 * `arn:aws:apigateway:us-east-1::/restapis/abc/stages/dev`: of what WAF guards, the embedded cloud has stages of REST APIs.
 * Throws WAFNonexistentItemException, and 501 for anything else.
 */
export function stageOf(arn: string | undefined, call: Call): Stage {
  if (!stagePattern.test(arn ?? '')) throw unsupported(`protection of ${arn}: it guards stages of REST APIs`);
  const found = standingStage(arn, call);
  if (!found) throw nonexistent();
  return found;
}

const stagePattern = /::\/restapis\/(\w+)\/stages\/([\w-]+)$/;

/** `undefined` when the stage is gone. */
export function standingStage(arn = '', { cloud, account, region }: Call): Stage | undefined {
  const [, api = '', stage = ''] = stagePattern.exec(arn) ?? [];
  return apiGatewayState(cloud, account, region).apis.get(api)?.stages.get(stage);
}
