// Stands in for the native module of aws-lambda-ric: the three functions the runtime client calls, over HTTP.
'use strict';
const http = require('node:http');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
// One connection: an answer is on its way before the next invocation is asked for.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, method, path: `/2018-06-01/runtime/${path}`, agent, headers },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode, headers } = response;
          resolve({ statusCode, headers, bodyJson: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function post(what, path, body, headers) {
  const { statusCode } = await call('POST', path, body, { 'content-type': 'application/json', ...headers });
  if (statusCode >= 400) {
    process.stderr.write(
      `[ERROR] [${Date.now()}] LAMBDA_RUNTIME Failed to post ${what}. Http response code: ${statusCode}.\n`,
    );
  }
}

// The platform closes the connection when it ends the environment: there is nobody left to tell.
const ignoreClosed = () => {};

/** A long line leaves in pieces: it is out before the environment may be frozen. */
function printed(stream) {
  return stream.writableLength === 0 ? undefined : new Promise((resolve) => stream.write('', resolve));
}

exports.next = async () => {
  await printed(process.stdout);
  await printed(process.stderr);
  return call('GET', 'invocation/next');
};

exports.done = (id, body) => {
  post('handler success response', `invocation/${id}/response`, body).catch(ignoreClosed);
};

exports.error = (id, body, cause) => {
  const headers = { 'lambda-runtime-function-error-type': 'Function.Unhandled' };
  // Header values hold no line breaks and no characters outside Latin-1.
  if (cause && /^[\x20-\x7e]*$/.test(cause)) headers['lambda-runtime-function-xray-error-cause'] = cause;
  post('handler error response', `invocation/${id}/error`, body, headers).catch(ignoreClosed);
};
