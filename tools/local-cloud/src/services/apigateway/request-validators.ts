import type {
  CreateRequestValidatorCommandInput,
  CreateRequestValidatorCommandOutput,
  DeleteRequestValidatorCommandInput,
  DeleteRequestValidatorCommandOutput,
  GetRequestValidatorCommandInput,
  GetRequestValidatorCommandOutput,
  GetRequestValidatorsCommandInput,
  GetRequestValidatorsCommandOutput,
  RequestValidator,
  UpdateRequestValidatorCommandInput,
  UpdateRequestValidatorCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { operation } from '../../service.ts';
import { conflict, found } from './errors.ts';
import { page } from './page.ts';
import { flag, patched, takeOver, text } from './patch.ts';
import { apiOf } from './rest-apis.ts';
import { newId } from './state.ts';

export const createRequestValidator = operation<
  CreateRequestValidatorCommandInput,
  CreateRequestValidatorCommandOutput
>({
  run(input, call) {
    const validator: RequestValidator = {
      id: newId(6),
      ...(input.name !== undefined && { name: input.name }),
      validateRequestBody: input.validateRequestBody ?? false,
      validateRequestParameters: input.validateRequestParameters ?? false,
    };
    apiOf(input, call).requestValidators.set(validator.id as string, validator);
    return validator;
  },
});

export const getRequestValidator = operation<GetRequestValidatorCommandInput, GetRequestValidatorCommandOutput>({
  run: (input, call) => found(apiOf(input, call).requestValidators, input.requestValidatorId, 'RequestValidator'),
});

export const getRequestValidators = operation<GetRequestValidatorsCommandInput, GetRequestValidatorsCommandOutput>({
  run: (input, call) => page([...apiOf(input, call).requestValidators.values()], input),
});

export const updateRequestValidator = operation<
  UpdateRequestValidatorCommandInput,
  UpdateRequestValidatorCommandOutput
>({
  run(input, call) {
    const validator = found(apiOf(input, call).requestValidators, input.requestValidatorId, 'RequestValidator');
    return takeOver(
      validator,
      patched(validator, input.patchOperations, [
        text<RequestValidator>('/name', 'name'),
        flag<RequestValidator>('/validateRequestBody', 'validateRequestBody'),
        flag<RequestValidator>('/validateRequestParameters', 'validateRequestParameters'),
      ]),
    );
  },
});

export const deleteRequestValidator = operation<
  DeleteRequestValidatorCommandInput,
  DeleteRequestValidatorCommandOutput
>({
  run(input, call) {
    const api = apiOf(input, call);
    const { id = '' } = found(api.requestValidators, input.requestValidatorId, 'RequestValidator');
    const methods = [...api.resources.values()].flatMap(({ methods }) => [...methods.values()]);
    if (methods.some(({ requestValidatorId }) => requestValidatorId === id)) {
      throw conflict(`Cannot delete request validator '${id}', is referenced in method request`);
    }
    api.requestValidators.delete(id);
    return {};
  },
});
