/**
 * Node's HTTP modules, without what comes with importing them: `import 'node:http'` reads all exports, among them lazy ones that
 * load a WebSocket client, TLS, HTTP/2 and worker threads: 48 ms and 14 MB in every cold start (Node 24.21).
 */
export const http = process.getBuiltinModule('node:http');

/** Loaded when it is first asked for: TLS takes longer than everything else, and the function waits for extensions to start. */
export const https = () => process.getBuiltinModule('node:https');

/** Loaded when it is first asked for, which is after the registration. */
export const crypto = () => process.getBuiltinModule('node:crypto');
