import { randomUUID } from 'node:crypto';
import type {
  AliasRoutingConfiguration,
  CreateAliasCommandInput,
  CreateAliasCommandOutput,
  DeleteAliasCommandInput,
  DeleteAliasCommandOutput,
  GetAliasCommandInput,
  GetAliasCommandOutput,
  ListAliasesCommandInput,
  ListAliasesCommandOutput,
  UpdateAliasCommandInput,
  UpdateAliasCommandOutput,
} from '@aws-sdk/client-lambda';
import { lengthBetween, matches } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { aliasConfiguration } from './configuration-output.ts';
import { onFunction } from './demands.ts';
import { conflict, functionNotFound, invalidParameter, notFound, revisionMismatch, validate } from './errors.ts';
import { fleetOf } from './fleet.ts';
import { functionNamed, isVersionNumber, versionOf } from './function-reference.ts';
import { page } from './paging.ts';
import type { Alias, LambdaFunction } from './state.ts';

export const createAlias = operation<CreateAliasCommandInput, CreateAliasCommandOutput>({
  demands: onFunction('CreateAlias'),
  run(input, call) {
    const name = input.Name ?? '';
    validate(
      lengthBetween('name', name, 1, 128),
      matches('name', name, '(?!^[0-9]+$)([a-zA-Z0-9-_]+)'),
      lengthBetween('description', input.Description, 0, 256),
    );
    const found = functionNamed(input, call);
    if (found.aliases.has(name)) throw conflict(`Alias already exists: ${found.arn}:${name}`);
    const version = checkedVersion(found, input.FunctionVersion ?? '');
    const weights = checkedWeights(found, version, input.RoutingConfig) ?? {};
    const alias = { name, version, description: input.Description ?? '', weights, revisionId: randomUUID() };
    found.aliases.set(name, alias);
    return aliasConfiguration(found, alias);
  },
});

export const updateAlias = operation<UpdateAliasCommandInput, UpdateAliasCommandOutput>({
  demands: onFunction('UpdateAlias'),
  run(input, call) {
    const { found, alias } = aliasNamed(input, call);
    if (input.RevisionId !== undefined && input.RevisionId !== alias.revisionId) {
      throw revisionMismatch('GetFunction/GetAlias');
    }
    const version = checkedVersion(found, input.FunctionVersion ?? alias.version);
    const updated: Alias = {
      name: alias.name,
      version,
      description: input.Description ?? alias.description,
      weights: checkedWeights(found, version, input.RoutingConfig) ?? alias.weights,
      revisionId: randomUUID(),
    };
    found.aliases.set(alias.name, updated);
    fleetOf(call.cloud).provision(found);
    return aliasConfiguration(found, updated);
  },
});

export const getAlias = operation<GetAliasCommandInput, GetAliasCommandOutput>({
  demands: onFunction('GetAlias'),
  run(input, call) {
    const { found, alias } = aliasNamed(input, call);
    return aliasConfiguration(found, alias);
  },
});

/** An alias that is not there counts as deleted. What was bound to it goes with it. */
export const deleteAlias = operation<DeleteAliasCommandInput, DeleteAliasCommandOutput>({
  demands: onFunction('DeleteAlias'),
  run(input, call) {
    const found = functionNamed(input, call);
    const name = input.Name ?? '';
    for (const bound of [found.aliases, found.policies, found.urls, found.eventInvokeSettings, found.provisioned])
      bound.delete(name);
    fleetOf(call.cloud).provision(found);
    return {};
  },
});

export const listAliases = operation<ListAliasesCommandInput, ListAliasesCommandOutput>({
  demands: onFunction('ListAliases'),
  run(input, call) {
    const found = functionNamed(input, call);
    const aliases = [...found.aliases.values()]
      .filter(({ version }) => input.FunctionVersion === undefined || version === input.FunctionVersion)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(
      aliases.map((alias) => aliasConfiguration(found, alias)),
      input,
      50,
    );
    return { Aliases: items, NextMarker: next };
  },
});

function aliasNamed(input: GetAliasCommandInput, call: Call): { found: LambdaFunction; alias: Alias } {
  const found = functionNamed(input, call);
  const alias = found.aliases.get(input.Name ?? '');
  if (!alias) throw notFound(`Cannot find alias arn: ${found.arn}:${input.Name}`);
  return { found, alias };
}

function checkedVersion(found: LambdaFunction, version: string): string {
  validate(matches('functionVersion', version, '(\\$LATEST(\\.PUBLISHED)?|[0-9]+)'));
  if (!versionOf(found, version)) throw functionNotFound(`${found.arn}:${version}`);
  return version;
}

/** "Implement Lambda canary deployments using a weighted alias": one further published version, weight 0 to 1. */
function checkedWeights(
  found: LambdaFunction,
  version: string,
  routing: AliasRoutingConfiguration | undefined,
): Readonly<Record<string, number>> | undefined {
  if (!routing) return undefined;
  const weights = routing.AdditionalVersionWeights ?? {};
  const entries = Object.entries(weights);
  if (entries.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const [other, weight] of entries) {
    if (!isVersionNumber(other) || version === '$LATEST') {
      throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (other === version) {
      throw invalidParameter(
        `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
      );
    }
    if (weight < 0 || weight > 1) {
      validate(
        `Value '{${other}=${weight}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]`,
      );
    }
    checkedVersion(found, other);
  }
  return weights;
}
