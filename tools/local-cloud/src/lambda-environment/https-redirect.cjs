// Sends https requests for AWS hosts to the embedded cloud: custom resource handlers answer to a pre-signed S3 address
// with `https` itself or `fetch`, which no endpoint setting reaches. The Host header stays, because the signature covers it.
'use strict';
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const { Readable } = require('node:stream');
const { urlToHttpOptions } = require('node:url');

const cloud = new URL(process.env.AWS_ENDPOINT_URL);
const awsHost = /(^|\.)amazonaws\.com$/i;

/** https.request(url[, options][, callback]) and https.request(options[, callback]) in one form. */
function read(args) {
  const rest = [...args];
  const first = typeof rest[0] === 'string' ? new URL(rest.shift()) : rest[0] instanceof URL ? rest.shift() : undefined;
  const options = { ...(first ? urlToHttpOptions(first) : {}), ...(typeof rest[0] === 'object' ? rest.shift() : {}) };
  return { options, callback: rest[0] };
}

function headersWithHost(headers, host) {
  if (Array.isArray(headers)) return [...headers, 'Host', host];
  const named = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'host');
  return named ? headers : { ...headers, Host: host };
}

for (const method of ['request', 'get']) {
  const direct = https[method];
  https[method] = (...args) => {
    const { options, callback } = read(args);
    const host = options.hostname ?? options.host ?? '';
    if (!awsHost.test(host)) return direct(...args);
    // The agent was made for TLS.
    const { agent, protocol, host: _, ...kept } = options;
    return http[method](
      {
        ...kept,
        protocol: 'http:',
        hostname: cloud.hostname,
        port: cloud.port,
        headers: headersWithHost(options.headers, host),
        setHost: false,
      },
      callback,
    );
  };
}
syncBuiltinESMExports();

// `fetch` sets the Host header itself, so a request for an AWS host goes the way of `https`.
const directFetch = globalThis.fetch;
globalThis.fetch = async function fetch(resource, options) {
  const address = URL.parse(resource?.url ?? resource);
  if (address?.protocol !== 'https:' || !awsHost.test(address.hostname)) return directFetch(resource, options);
  const request = new Request(resource, options);
  const body = Buffer.from(await request.arrayBuffer());
  const headers = { ...Object.fromEntries(request.headers), 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const { method, signal } = request;
    const outgoing = https.request(address, { method, headers, signal }, (incoming) => resolve(responseOf(incoming)));
    outgoing.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
    outgoing.end(body);
  });
};

function responseOf(incoming) {
  const { statusCode: status, statusMessage: statusText } = incoming;
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  const empty = [204, 205, 304].includes(status);
  if (empty) incoming.resume();
  return new Response(empty ? null : Readable.toWeb(incoming), { status, statusText, headers });
}
