/**
 * Node's HTTP modules, without what comes with importing them: `import 'node:http'` reads all exports, among them lazy ones that
 * load a WebSocket client, TLS, HTTP/2 and worker threads: 48 ms and 14 MB in every cold start (Node 24.21).
 */
export const http = () => process.getBuiltinModule('node:http');
export const https = () => process.getBuiltinModule('node:https');

export const crypto = () => process.getBuiltinModule('node:crypto');

export const dns = () => process.getBuiltinModule('node:dns');
export const net = () => process.getBuiltinModule('node:net');
export const zlib = () => process.getBuiltinModule('node:zlib');
