// Loaded before AWS's runtime client, so that the client and the function run unmodified.
'use strict';
const { registerHooks } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

require('./https-redirect.cjs');

const hooks = registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== './rapid-client.node') return nextResolve(specifier, context);
    hooks.deregister();
    return { url: pathToFileURL(join(__dirname, 'rapid-client.cjs')).href, format: 'commonjs', shortCircuit: true };
  },
});
