import type { Route } from '../../service.ts';
import { signerOf } from './signing.ts';

/** Serves the certificate that SigningCertURL names. */
export const certificateRoute: Route = {
  matches: ({ method, path }) => method === 'GET' && /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/.test(path),
  async handle({ path }, response, cloud) {
    const signer = await signerOf(cloud);
    if (path !== signer.path) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-pem-file' }).end(signer.certificate);
  },
};
