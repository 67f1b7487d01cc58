import { between, lengthBetween, matches, type Problem } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { invalidArgument, validate } from './errors.ts';

/** How an input names a stream. */
export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
  readonly DryRun?: boolean | undefined;
}

export interface StreamLocation {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export function arnOf({ account, region, name }: StreamLocation): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

export function checkName(name: string | undefined): Problem[] {
  return [matches('streamName', name, '[a-zA-Z0-9_.-]+'), lengthBetween('streamName', name, 1, 128)];
}

export function checkShardId(member: string, id: string | undefined): Problem[] {
  return [matches(member, id, '[a-zA-Z0-9_.-]+'), lengthBetween(member, id, 1, 128)];
}

export function checkPage(member: 'limit' | 'maxResults', value: number | undefined): Problem {
  return between(member, value, 1, 10_000);
}

/**
 * Account, region and name of the stream an input names by StreamName, StreamARN or both.
 * Throws ValidationException for malformed ones and InvalidArgumentException for none, for two different ones and for
 * StreamId ("Not Implemented. Reserved for future use.", Kinesis API Reference).
 */
export function locate(input: StreamReference, call: Call): StreamLocation {
  if (input.StreamId !== undefined) {
    throw invalidArgument('StreamId is reserved for future use: name the stream by StreamName or StreamARN.');
  }
  validate(...checkName(input.StreamName));
  if (input.StreamARN !== undefined) return locateArn('streamARN', input.StreamARN, input.StreamName);
  if (input.StreamName === undefined) throw invalidArgument('Either StreamName or StreamARN must be provided.');
  return { account: call.account, region: call.region, name: input.StreamName };
}

/** The same for an ARN alone, as the operations on any resource take it. */
export function locateArn(member: string, arn: string, name?: string): StreamLocation {
  const pattern = String.raw`arn:aws.*:kinesis:.*:\d{12}:stream/\S+`;
  validate(matches(member, arn, pattern), lengthBetween(member, arn, 1, 2048));
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  const location = { account, region, name: resource.slice('stream/'.length) };
  if (name !== undefined && name !== location.name) {
    throw invalidArgument(`StreamName ${name} is not the name of the stream in StreamARN ${arn}.`);
  }
  return location;
}

/** Ends a call that was only to be checked. DryRun, Kinesis API Reference. */
export function stopDryRun(input: StreamReference): void {
  if (input.DryRun) {
    throw new AwsError(
      'DryRunOperationException',
      'The request was rejected because the DryRun parameter was specified.',
    );
  }
}
