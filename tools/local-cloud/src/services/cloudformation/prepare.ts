import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { GetParametersCommandOutput } from '@aws-sdk/client-ssm';
import { validationError } from '../../cloudformation/errors.ts';
import { processTemplate } from '../../cloudformation/loops.ts';
import { resolveParameters } from '../../cloudformation/parameters.ts';
import { providerOf } from '../../cloudformation/providers/index.ts';
import { specificationOf } from '../../cloudformation/resource-specification.ts';
import type { Deployment, Stack } from '../../cloudformation/state.ts';
import { parseTemplate, type Template } from '../../cloudformation/template.ts';
import { AwsError } from '../../errors.ts';
import type { Call, Caller } from '../../service.ts';
import { checkCapabilities } from './capabilities.ts';
import { readTemplate } from './template-input.ts';
import { refuseUnsupported } from './unsupported.ts';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface DeploymentInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: Parameter[] | undefined;
  readonly Tags?: Tag[] | undefined;
  readonly Capabilities?: string[] | undefined;
}

/**
 * Reads what a stack is asked to be, and checks all that can be known before anything changes. Throws ValidationError or
 * InsufficientCapabilitiesException. The template is read as who calls, parameters that live in SSM as `caller`, the
 * stack's role: CDK's bootstrap lets its deploy role read no parameter but its own version, and such parameters resolve.
 */
export async function prepareDeployment(
  input: DeploymentInput,
  call: Call,
  stack: Stack | undefined,
  /** Who reads the SSM parameters that template parameters name: the stack's role, or the caller without one. */
  caller: Caller,
): Promise<{ template: Template; deployment: Deployment }> {
  refuseUnsupported(input);
  const previous = stack?.deployment;
  const templateBody = await readTemplate(input, call, previous?.templateBody);
  const written = parseTemplate(templateBody);
  const [given, before] = [input.Parameters ?? [], previous?.parameters ?? []];
  const parameters = await resolveParameters(written, given, before, (names) => lookUpParameters(names, call, caller));
  const template = processTemplate(templateBody, parameters);
  await checkTypes(template);
  checkCapabilities(template, input.Capabilities ?? []);
  const tags = input.Tags ?? previous?.tags ?? [];
  return { template, deployment: { templateBody, parameters, tags, capabilities: input.Capabilities ?? [] } };
}

/** Types that AWS does not have. Those it has and this cloud lacks only matter where their condition is true. */
async function checkTypes(template: Template): Promise<void> {
  const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))];
  const unknown: string[] = [];
  for (const type of types) if (!providerOf(type) && !(await specificationOf(type))) unknown.push(type);
  if (unknown.length > 0)
    throw validationError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
}

/** "GetParameters", Systems Manager API Reference: names in one request. */
const mostNames = 10;

async function lookUpParameters(
  names: readonly string[],
  call: Call,
  caller: Caller,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < names.length; start += mostNames) {
    const input = { Names: names.slice(start, start + mostNames) };
    const { Parameters } = await getParameters(input, call, caller);
    // A selector (`name:3`) comes back apart from the name.
    for (const { Name, Selector = '', Value } of Parameters ?? []) found.set(`${Name}${Selector}`, Value ?? '');
  }
  return found;
}

async function getParameters(
  input: { Names: string[] },
  call: Call,
  caller: Caller,
): Promise<GetParametersCommandOutput> {
  try {
    return await call.cloud.call('ssm', 'GetParameters', input, { caller, region: call.region });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'AccessDeniedException') throw error;
    throw validationError(`AccessDenied. User doesn't have permission to call ssm:GetParameters: ${error.message}`);
  }
}
