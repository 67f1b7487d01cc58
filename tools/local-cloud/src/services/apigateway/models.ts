import type {
  CreateModelCommandInput,
  CreateModelCommandOutput,
  DeleteModelCommandInput,
  DeleteModelCommandOutput,
  GetModelCommandInput,
  GetModelCommandOutput,
  GetModelsCommandInput,
  GetModelsCommandOutput,
  Model,
  UpdateModelCommandInput,
  UpdateModelCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { operation } from '../../service.ts';
import { badRequest, conflict, found, notFound } from './errors.ts';
import { page } from './page.ts';
import { patched, takeOver, text } from './patch.ts';
import { apiOf } from './rest-apis.ts';
import { newId } from './state.ts';

/** The two models that every API is made with. */
export function builtInModels(): Map<string, Model> {
  const model = (name: string, title: string): Model => ({
    id: newId(6),
    name,
    contentType: 'application/json',
    description: `This is a default ${name.toLowerCase()} schema model`,
    schema: JSON.stringify({ $schema: 'http://json-schema.org/draft-04/schema#', title, type: 'object' }),
  });
  return new Map([
    ['Empty', model('Empty', 'Empty Schema')],
    ['Error', model('Error', 'Error Schema')],
  ]);
}

export const createModel = operation<CreateModelCommandInput, CreateModelCommandOutput>({
  run(input, call) {
    const { models } = apiOf(input, call);
    const { name = '', contentType, description, schema } = input;
    if (!/^[a-zA-Z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
    if (models.has(name)) throw conflict(`Model name already exists for this REST API: ${name}`);
    const model: Model = { id: newId(6), name, contentType, ...(description && { description }), schema };
    checkSchema(model);
    models.set(name, model);
    return model;
  },
});

export const getModel = operation<GetModelCommandInput, GetModelCommandOutput>({
  run: (input, call) => modelNamed(apiOf(input, call).models, input.modelName),
});

export const getModels = operation<GetModelsCommandInput, GetModelsCommandOutput>({
  run: (input, call) => page([...apiOf(input, call).models.values()], input),
});

export const updateModel = operation<UpdateModelCommandInput, UpdateModelCommandOutput>({
  run(input, call) {
    const model = modelNamed(apiOf(input, call).models, input.modelName);
    const after = patched(model, input.patchOperations, [
      text<Model>('/description', 'description'),
      text<Model>('/schema', 'schema'),
    ]);
    checkSchema(after);
    return takeOver(model, after);
  },
});

export const deleteModel = operation<DeleteModelCommandInput, DeleteModelCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const { name = '' } = modelNamed(api.models, input.modelName);
    const methods = [...api.resources.values()].flatMap(({ methods }) => [...methods.values()]);
    if (methods.some(({ requestModels = {} }) => Object.values(requestModels).includes(name))) {
      throw conflict(`Cannot delete model '${name}', is referenced in method request`);
    }
    api.models.delete(name);
    return {};
  },
});

function modelNamed(models: ReadonlyMap<string, Model>, name: string | undefined): Model {
  if (name !== undefined && !models.has(name)) throw notFound(`Invalid model name specified: ${name}`);
  return found(models, name, 'Model');
}

function checkSchema({ schema, contentType }: Model): void {
  if (schema === undefined || schema === '' || !contentType?.includes('json')) return;
  try {
    JSON.parse(schema);
  } catch (error) {
    throw badRequest(`Model schema is not valid JSON: ${(error as Error).message}`);
  }
}
