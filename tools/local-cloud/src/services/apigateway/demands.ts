import { modelOf } from '../../protocols/model.ts';
import type { AnyOperation, Call, Demand, Operations, Service } from '../../service.ts';

/**
 * API Gateway's control plane knows no actions by name: it demands the HTTP method on the path ("Actions, resources, and
 * condition keys for Amazon API Gateway Management", Service Authorization Reference), so that
 * `apigateway:PATCH` on `arn:aws:apigateway:us-east-1::/usageplans/abc` is what UpdateUsagePlan takes.
 */
export function withDemands(service: () => Service, operations: Operations): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, AnyOperation] => [
      name,
      { ...operation, demands: (input, call) => demandsOf(service(), name, input, call) },
    ]),
  );
}

async function demandsOf(
  service: Service,
  name: string,
  input: Record<string, unknown>,
  { region }: Call,
): Promise<readonly Demand[]> {
  const { operations } = await modelOf(service);
  const [method = 'GET', uri = '/'] = operations.get(name)?.traits.http ?? [];
  const path = (uri.split('?')[0] ?? '')
    .replace(/^\/v2/, '')
    .replace(/\{(\w+)\+?\}/g, (_, label: string) => String(input[label] ?? input[lowerFirst(label)] ?? ''));
  return [{ action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${path}` }];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
