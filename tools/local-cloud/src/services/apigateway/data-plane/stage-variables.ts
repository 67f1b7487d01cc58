import type { GatewayRequest } from './gateway-request.ts';

/** A setting with `${stageVariables.name}` put in place ("Use stage variables for a REST API"). */
export function withStageVariables(text: string | undefined, { stage }: GatewayRequest): string {
  return (text ?? '').replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stage.variables?.[name] ?? '');
}
