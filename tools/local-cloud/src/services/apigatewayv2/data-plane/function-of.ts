import { functionArnOf } from '../../apigateway/data-plane/invoke-function.ts';
import type { HttpRequest } from './http-request.ts';

/** The function an integration or authorizer names: by its own ARN, or in the form REST APIs have; stage variables put in place. */
export function functionOf(uri: string | undefined, { stage }: HttpRequest): string {
  const filled = (uri ?? '').replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (_, name: string) => stage.StageVariables?.[name] ?? '',
  );
  return functionArnOf(filled) || filled;
}
