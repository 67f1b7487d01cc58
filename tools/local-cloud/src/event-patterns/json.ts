export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong with an event pattern. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}
