import { validationError } from './errors.ts';
import { evaluate, type Scope } from './evaluate.ts';
import type { StackOutput } from './state.ts';
import type { Template } from './template.ts';

/** The outputs whose conditions are true. Throws ValidationError for a value that is no text, as CloudFormation wants. */
export async function evaluateOutputs(template: Template, scope: Scope): Promise<StackOutput[]> {
  const outputs: StackOutput[] = [];
  for (const [key, { Value, Description, Condition, Export }] of Object.entries(template.Outputs ?? {})) {
    if (Condition !== undefined && !scope.conditions[Condition]) continue;
    const value = await evaluate(Value, scope);
    if (typeof value === 'object' || value === undefined) {
      throw validationError(`Template format error: Output ${key} is malformed: its value must be a String`);
    }
    outputs.push({
      key,
      value: String(value),
      ...(Description !== undefined && { description: Description }),
      ...(Export && { exportName: String(await evaluate(Export.Name, scope)) }),
    });
  }
  return outputs;
}
