import type { MethodSetting } from '@aws-sdk/client-api-gateway';
import { escaped } from '../patch.ts';
import type { GatewayRequest } from './gateway-request.ts';

/**
 * One of a stage's settings for the request's method: the method's own, or that for all (`*` twice). A throttling limit of
 * -1 stands for none of its own.
 */
export function methodSetting<Name extends keyof MethodSetting>(
  { stage, route, raw }: GatewayRequest,
  name: Name,
): MethodSetting[Name] | undefined {
  const path = escaped(route?.resource.path ?? '');
  const keys = [`${path}/${raw.method}`, `${path}/${route?.method.httpMethod}`, '*/*'];
  const values = keys.map((key) => stage.methodSettings?.[key]?.[name]);
  return values.find((value) => value !== undefined && value !== -1);
}
