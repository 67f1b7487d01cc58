export { type BuiltImageProps, builtImage } from './built-image.ts';
export { getConfig } from './config.ts';
export type { ContextVariables, Stage, Usage } from './context-variables.ts';
export {
  EnforcedFunction,
  type EnforcedFunctionProps,
  EnforcedImageFunction,
  type EnforcedImageFunctionProps,
} from './enforced-function.ts';
export { contextVariablesOf, EnforcedNestedStack, EnforcedStack, type EnforcedStackProps } from './enforced-stack.ts';
export { CdkCoreError, type CdkCoreErrorCode } from './errors.ts';
export { featureFlags } from './feature-flags.ts';
export { acknowledge } from './validations.ts';
