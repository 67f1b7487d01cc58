// Gives every task an address of its own, which on AWS its network interface does: what a process of the task listens on
// or connects to as localhost is the task's loopback address here. Required with `{ address, exempt }`: ports of 127.0.0.1
// that are the machine's own, the endpoint of the cloud and of the task's metadata.
'use strict';
const net = require('node:net');

const local = new Set([undefined, null, '', 'localhost', '127.0.0.1', '0.0.0.0', '::', '::1']);

module.exports = ({ address, exempt }) => {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    const [first, ...rest] = args;
    if (typeof first === 'object' && first !== null) {
      const isPort = first.port !== undefined && first.path === undefined && local.has(first.host);
      return listen.call(this, isPort ? { ...first, host: address } : first, ...rest);
    }
    const isPort = args.length === 0 || typeof first === 'number' || /^\d+$/.test(String(first)) || first === undefined;
    if (!isPort) return listen.apply(this, args);
    const hasHost = typeof rest[0] === 'string';
    const others = hasHost ? rest.slice(1) : rest;
    return listen.call(this, first ?? 0, local.has(hasHost ? rest[0] : undefined) ? address : rest[0], ...others);
  };

  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    // net.connect hands its arguments over as one list.
    const list = Array.isArray(args[0]) ? args[0] : args;
    const [first] = list;
    if (typeof first === 'object' && first !== null) {
      if (isTasks(first)) list[0] = { ...first, host: address };
    } else if (typeof first === 'number' || /^\d+$/.test(String(first))) {
      const host = typeof list[1] === 'string' ? list[1] : undefined;
      if (isTasks({ port: first, host })) list.splice(1, host === undefined ? 0 : 1, address);
    }
    return connect.apply(this, args);
  };

  function isTasks({ port, host, path }) {
    return path === undefined && port !== undefined && local.has(host) && !exempt.includes(Number(port));
  }
};
