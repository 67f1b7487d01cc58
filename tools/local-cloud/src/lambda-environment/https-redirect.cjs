// Sends https requests for AWS hosts to the embedded cloud: custom resource handlers answer to a pre-signed S3 address
// with `https` itself, which no endpoint setting reaches. The Host header stays, because the signature covers it.
'use strict';
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
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
