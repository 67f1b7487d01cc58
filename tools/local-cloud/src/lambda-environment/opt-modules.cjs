// Code may name a module of a layer by its place: `/opt/nodejs/shared.mjs`. Here that place is elsewhere.
'use strict';
const { registerHooks } = require('node:module');

const named = /^(file:\/\/)?\/opt(?=\/)/;

/** `optRoot` stands for `/opt`. */
module.exports = (optRoot) => {
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      nextResolve(
        specifier.replace(named, (_, scheme = '') => scheme + optRoot),
        context,
      ),
  });
};
