import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { start } from '../processes.ts';
import { cloudFile } from './cloud-process.ts';

const runtimeClient = createRequire(import.meta.url).resolve('aws-lambda-ric');

export interface BareRuntime {
  /** Hands one event to the handler and resolves with its answer. */
  invoke(event: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * AWS's runtime client with a handler, and the least Runtime API that keeps it going: the floor under every invocation.
 * Resolves when the client has asked for its first event. `handler` is `file.export`, the file in `taskRoot`.
 */
export async function startBareRuntime(taskRoot: string, handler: string): Promise<BareRuntime> {
  let ready = Promise.withResolvers<ServerResponse>();
  let answered = Promise.withResolvers<string>();
  let invocations = 0;

  const server = createServer(async (request, response) => {
    if (request.url === '/2018-06-01/runtime/invocation/next') return ready.resolve(response);
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.writeHead(202).end('{}');
    if (request.url?.endsWith('/response')) answered.resolve(body);
    else answered.reject(new Error(`The handler failed: ${body}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const runtime = start(process.execPath, ['--require', cloudFile('lambda-environment/preload.cjs'), runtimeClient], {
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_LAMBDA_FUNCTION_NAME: 'bare',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bare',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bare',
    // Asked for when the client is loaded, and called by nobody here.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: handler,
  });
  async function close(): Promise<void> {
    await runtime.kill();
    server.closeAllConnections();
    server.close();
  }
  await Promise.race([ready.promise, runtime.failed]).catch(async (error: Error) => {
    await close();
    throw error;
  });

  return {
    close,
    async invoke(event) {
      const next = await ready.promise;
      ready = Promise.withResolvers();
      answered = Promise.withResolvers();
      invocations += 1;
      next.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': `00000000-0000-4000-8000-${String(invocations).padStart(12, '0')}`,
        'lambda-runtime-deadline-ms': String(Date.now() + 30_000),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:bare',
      });
      next.end(event);
      return Promise.race([answered.promise, runtime.failed]);
    },
  };
}
