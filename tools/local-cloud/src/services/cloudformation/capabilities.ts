import type { Capability } from '@aws-sdk/client-cloudformation';
import type { Template } from '../../cloudformation/template.ts';
import { AwsError } from '../../errors.ts';

/**
 * "Acknowledging IAM resources in CloudFormation templates", CloudFormation User Guide: types that need a capability,
 * with the property that names them.
 */
const iamResources: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
};

/** The capability a template's IAM resources need, if any. */
export function iamCapability(template: Template): { capability: Capability; types: readonly string[] } | undefined {
  const found = Object.values(template.Resources).filter(({ Type }) => Object.hasOwn(iamResources, Type));
  if (found.length === 0) return undefined;
  const isNamed = found.some(({ Type, Properties }) => {
    const name = iamResources[Type];
    return name !== undefined && Properties?.[name] !== undefined;
  });
  const types = [...new Set(found.map(({ Type }) => Type))].sort();
  return { capability: isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM', types };
}

/** Throws InsufficientCapabilitiesException unless the caller acknowledged what the template does. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const needed = iamCapability(template);
  const missing: string[] = [];
  if (needed && !given.includes('CAPABILITY_NAMED_IAM') && !given.includes(needed.capability)) {
    missing.push(needed.capability);
  }
  if (template.Transform !== undefined && !given.includes('CAPABILITY_AUTO_EXPAND')) {
    missing.push('CAPABILITY_AUTO_EXPAND');
  }
  if (missing.length > 0) {
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
  }
}
