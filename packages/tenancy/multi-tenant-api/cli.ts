import { apiUrl, signedFetch, stackOutputs } from '@stackyard/proof-kit';
import { type AdminRequest, readCommand, usage } from './src/tenant-command.ts';

// The admin API from a terminal, with the developer's own AWS credentials. Exit code 1: refused; 2: not understood.

const stackName = `${process.env['STACKYARD_STAGE'] ?? 'dev'}-multi-tenant-api`;

let request: AdminRequest | undefined;
try {
  request = readCommand(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
  process.exitCode = 2;
}
if (request) {
  const { ApiUrl = '' } = await stackOutputs(stackName);
  const { method, path, body } = request;
  const content = body ? { body: JSON.stringify(body) } : {};
  const answer = await signedFetch(`${apiUrl(ApiUrl)}admin/${path}`, { method, ...content }, 'execute-api');
  process.stdout.write(`${JSON.stringify(await answer.json(), undefined, 2)}\n`);
  if (!answer.ok) process.exitCode = 1;
}
