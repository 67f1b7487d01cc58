import { InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { deployed, quotas, reference, zip } from './lambda-support.ts';

/** Claims about calling a function. */
export const invocationClaims: readonly Claim[] = [
  {
    operation: 'Invoke',
    claim: 'gives the event to the handler and its answer to the caller',
    source: reference('Invoke'),
    async run(target) {
      const { invoke } = await deployed(target, { Environment: { Variables: { GREETING: 'hello' } } });
      const { StatusCode, ExecutedVersion, value } = await invoke({ order: 7 });
      expect({ StatusCode, ExecutedVersion }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
      expect(value).toEqual({ event: { order: 7 }, greeting: 'hello', version: '$LATEST' });
    },
  },
  {
    operation: 'Invoke',
    claim: "reports the handler's error with status 200 and FunctionError",
    source: reference('Invoke'),
    async run(target) {
      const { invoke } = await deployed(target);
      const { StatusCode, FunctionError, value } = await invoke({ fail: 'no stock' });
      expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
      expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no stock' });
    },
  },
  {
    operation: 'Invoke',
    claim: 'returns the last 4 KB of the log when asked',
    limit: '4 KB of log',
    source: reference('Invoke'),
    async run(target) {
      const { invoke } = await deployed(target);
      const { LogResult } = await invoke({ print: 'p'.repeat(5000) }, { LogType: 'Tail' });
      const log = Buffer.from(LogResult as string, 'base64').toString();
      expect(log.length).toBeLessThanOrEqual(4096);
      expect(log).toMatch(/p{1000}[\s\S]+REPORT RequestId: /);
    },
  },
  {
    operation: 'Invoke',
    claim: 'refuses an event of more than 6 MB',
    limit: '6 MB a synchronous request',
    source: quotas,
    async run(target) {
      const { invoke } = await deployed(target);
      const { name } = await refusal(invoke({ long: 'x'.repeat(6 * 1024 * 1024) }));
      expect(name).toMatch(/RequestTooLargeException|RequestEntityTooLarge/);
    },
  },
  {
    operation: 'Invoke',
    claim: 'makes a function error of an answer of more than 6 MB',
    limit: '6 MB a synchronous response',
    source: quotas,
    async run(target) {
      const { invoke } = await deployed(target, { MemorySize: 512, Timeout: 20 });
      const { FunctionError, value } = await invoke({ bytes: 6 * 1024 * 1024 + 101 });
      expect(FunctionError).toBe('Unhandled');
      expect(value.errorType).toBe('Function.ResponseSizeTooLarge');
    },
  },
  {
    operation: 'Invoke',
    claim: 'answers an event at once with status 202',
    source: 'Lambda Developer Guide, Asynchronous invocation',
    async run(target) {
      const { invoke } = await deployed(target);
      const { StatusCode, value } = await invoke({}, { InvocationType: 'Event' });
      expect({ StatusCode, value }).toEqual({ StatusCode: 202, value: undefined });
    },
  },
  {
    operation: 'InvokeWithResponseStream',
    claim: 'hands on what the handler writes, and tells how it ended',
    source: reference('InvokeWithResponseStream'),
    async run(target) {
      const text = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
          stream.write('one ');
          stream.write('two');
          stream.end();
        });`;
      const { lambda, FunctionName } = await deployed(target, { Code: { ZipFile: zip({ 'index.mjs': text }) } });
      const { EventStream } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName, Payload: '{}' }));
      let said = '';
      let complete: object | undefined;
      for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
        said += Buffer.from(PayloadChunk?.Payload ?? []).toString();
        complete ??= InvokeComplete;
      }
      expect(said).toBe('one two');
      expect(complete).not.toHaveProperty('ErrorCode');
    },
  },
];
