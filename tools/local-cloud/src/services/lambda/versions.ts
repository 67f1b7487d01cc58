import { randomUUID } from 'node:crypto';
import type {
  ListVersionsByFunctionCommandInput,
  ListVersionsByFunctionCommandOutput,
  PublishVersionCommandInput,
  PublishVersionCommandOutput,
} from '@aws-sdk/client-lambda';
import { operation } from '../../service.ts';
import { configurationOf, listedConfiguration } from './configuration-output.ts';
import { onFunction } from './demands.ts';
import { invalidParameter, revisionMismatch, unsupported } from './errors.ts';
import { functionNamed } from './function-reference.ts';
import { page } from './paging.ts';
import type { FunctionVersion, LambdaFunction } from './state.ts';

export const publishVersion = operation<PublishVersionCommandInput, PublishVersionCommandOutput>({
  demands: onFunction('PublishVersion'),
  run(input, call) {
    if (input.PublishTo) throw unsupported('PublishTo');
    const found = functionNamed(input, call);
    const { latest } = found;
    if (input.CodeSha256 !== undefined && input.CodeSha256 !== latest.code.sha256) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    if (input.RevisionId !== undefined && input.RevisionId !== latest.revisionId) {
      throw revisionMismatch('GetFunction/GetAlias');
    }
    const version = publish(found, input.Description);
    return configurationOf(found, version, `${found.arn}:${version.version}`);
  },
});

/**
 * Makes `$LATEST` a numbered version, or answers the last one when nothing has changed since ("Lambda function
 * versions": a new version is created only when code or configuration differ).
 */
export function publish(found: LambdaFunction, description: string | undefined): FunctionVersion {
  const { latest } = found;
  const last = [...found.versions.values()].at(-1);
  const settings = { ...latest.settings, description: description ?? latest.settings.description };
  if (last && isSame(last, { ...latest, settings })) return last;
  found.versionsPublished += 1;
  const version = { ...latest, version: String(found.versionsPublished), revisionId: randomUUID(), settings };
  found.versions.set(version.version, version);
  return version;
}

function isSame(a: FunctionVersion, b: FunctionVersion): boolean {
  return a.code.sha256 === b.code.sha256 && JSON.stringify(a.settings) === JSON.stringify(b.settings);
}

export const listVersionsByFunction = operation<
  ListVersionsByFunctionCommandInput,
  ListVersionsByFunctionCommandOutput
>({
  demands: onFunction('ListVersionsByFunction'),
  run(input, call) {
    const found = functionNamed(input, call);
    const all = [found.latest, ...found.versions.values()];
    const { items, next } = page(
      all.map((version) => listedConfiguration(found, version, `${found.arn}:${version.version}`)),
      input,
      50,
    );
    return { Versions: items, NextMarker: next };
  },
});
