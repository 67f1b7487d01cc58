import { validationError } from './errors.ts';
import type { ResourceView } from './evaluate.ts';
import { isCustom } from './providers/index.ts';
import type { StackResource } from './state.ts';

/** A finished resource as others refer to it. */
export function viewOf(resource: StackResource | undefined): ResourceView | undefined {
  if (resource?.physicalId === undefined) return undefined;
  const { logicalId, physicalId, attributes } = resource;
  return {
    ref: physicalId,
    attribute(name) {
      if (Object.hasOwn(attributes, name)) return attributes[name];
      throw validationError(
        isCustom(resource.type)
          ? `CustomResource attribute error: Vendor response doesn't contain ${name} attribute in object ${resource.physicalId}`
          : `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
      );
    },
  };
}
