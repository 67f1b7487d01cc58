#!/usr/bin/env node
// The least that can be called an extension: it registers, waits for each event, and does nothing. What it adds to an
// invocation, any extension that runs in Node adds. `import 'node:http'` would load more than is needed.
const { request } = process.getBuiltinModule('node:http');
const [host, port] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');

/**
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {string} [body]
 * @returns {Promise<string>} the extension's identifier, when the answer has one
 */
function call(method, path, headers, body) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const sent = request({ host, port, method, path: `/2020-01-01/extension/${path}`, headers, agent: false });
  sent.on('error', reject).on('response', (answer) => {
    answer.resume().on('end', () => resolve(String(answer.headers['lambda-extension-identifier'])));
  });
  sent.end(body);
  return promise;
}

const identifier = await call('POST', 'register', { 'lambda-extension-name': 'idle' }, '{"events":["INVOKE"]}');
for (;;) await call('GET', 'event/next', { 'lambda-extension-identifier': identifier });
