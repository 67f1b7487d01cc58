// An environment has a network of its own on Lambda: every one may listen on port 8080. Here they share the machine's
// loopback interface, so a port that a Node.js process names stands for a free one, noted in a folder of the environment.
'use strict';
const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const net = require('node:net');
const { join } = require('node:path');

const loopback = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|::1?|sandbox(\.localdomain)?)$/;

/** listen(port[, host][, backlog][, callback]) and listen(options[, callback]) in one form; nothing for pipes and handles. */
function readListen(args) {
  const rest = [...args];
  const callback = typeof rest.at(-1) === 'function' ? rest.pop() : undefined;
  const [first, host] = rest;
  if (typeof first === 'object' && first !== null) {
    return first.port === undefined ? undefined : { options: first, callback };
  }
  const port = Number(first);
  if (first === undefined || !Number.isInteger(port)) return undefined;
  return { options: { port, ...(typeof host === 'string' && { host }) }, callback };
}

function inUse(port) {
  const error = new Error(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
  return Object.assign(error, { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: '127.0.0.1', port });
}

/** `folder` is there and belongs to the environment. */
module.exports = (folder) => {
  const note = (port) => join(folder, String(port));
  const { listen, address } = net.Server.prototype;
  const { connect } = net.Socket.prototype;
  const named = new WeakMap();

  net.Server.prototype.listen = function (...args) {
    const call = readListen(args);
    if (!call || !loopback.test(call.options.host ?? '::')) return listen.apply(this, args);
    const { options, callback } = call;
    const port = Number(options.port);
    if (port !== 0) {
      if (existsSync(note(port))) {
        process.nextTick(() => this.emit('error', inUse(port)));
        return this;
      }
      this.prependOnceListener('listening', () => {
        writeFileSync(note(port), String(address.call(this).port));
        named.set(this, port);
      });
      this.once('close', () => rmSync(note(port), { force: true }));
    }
    return listen.call(this, { ...options, port: 0, host: '127.0.0.1' }, callback);
  };

  net.Server.prototype.address = function () {
    const found = address.call(this);
    return found && named.has(this) ? { ...found, port: named.get(this) } : found;
  };

  net.Socket.prototype.connect = function (...args) {
    // `net.connect` hands on what it has read already, in an array that Node knows again.
    const [first] = Array.isArray(args[0]) ? args[0] : args;
    const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
    const host = options.host ?? 'localhost';
    const own = typeof host === 'string' && loopback.test(host) && ownPort(options.port);
    if (!own) return connect.apply(this, args);
    const replaced = { ...(typeof first === 'object' && first), port: own, host: '127.0.0.1' };
    if (!Array.isArray(args[0]))
      return connect.call(
        this,
        replaced,
        args.findLast((each) => typeof each === 'function'),
      );
    args[0][0] = replaced;
    return connect.apply(this, args);
  };

  function ownPort(port) {
    try {
      return Number(readFileSync(note(port), 'utf8'));
    } catch {
      return undefined;
    }
  }
};
