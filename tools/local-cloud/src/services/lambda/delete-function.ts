import type { DeleteFunctionCommandInput, DeleteFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { operation } from '../../service.ts';
import { onFunction } from './demands.ts';
import { conflict, invalidParameter } from './errors.ts';
import { fleetOf } from './fleet.ts';
import { functionOf, isVersionNumber, referenceOf } from './function-reference.ts';
import { lambdaState } from './state.ts';

/** Deletes a function with all that belongs to it, or one of its published versions. */
export const deleteFunction = operation<DeleteFunctionCommandInput, DeleteFunctionCommandOutput>({
  demands: onFunction('DeleteFunction'),
  run(input, { cloud, ...call }) {
    const reference = referenceOf(input, call);
    const found = functionOf(cloud, reference);
    const { qualifier } = reference;
    if (qualifier === undefined) {
      lambdaState(cloud, reference.account, reference.region).functions.delete(reference.name);
      found.provisioned.clear();
      fleetOf(cloud).retireAll(found);
      return { StatusCode: 204 };
    }
    if (qualifier === '$LATEST')
      throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    if (!isVersionNumber(qualifier)) throw invalidParameter('Deletion of aliases is not currently supported.');
    const users = [...found.aliases.values()].filter(
      ({ version, weights }) => version === qualifier || qualifier in weights,
    );
    if (users.length > 0) {
      throw conflict(
        `Version ${qualifier} cannot be deleted because aliases point to it: ${users.map(({ name }) => name).join(', ')}`,
      );
    }
    // A version that is not there counts as deleted.
    found.versions.delete(qualifier);
    found.provisioned.delete(qualifier);
    fleetOf(cloud).retireOutdated(found);
    return { StatusCode: 204 };
  },
});
