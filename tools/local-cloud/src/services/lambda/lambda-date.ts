/** Lambda's own way to write a time: `2026-11-21T10:14:34.000+0000`. */
export function lambdaDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}
