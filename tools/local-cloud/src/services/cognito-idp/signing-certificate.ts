import type {
  GetSigningCertificateCommandInput,
  GetSigningCertificateCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { generate } from 'selfsigned';
import { operation } from '../../service.ts';
import { onPool, poolOf } from './references.ts';

/** The certificate SAML providers encrypt for: made with the first question, the same from then on, valid ten years. */
export const getSigningCertificate = operation<GetSigningCertificateCommandInput, GetSigningCertificateCommandOutput>({
  demands: onPool('GetSigningCertificate'),
  async run(input, call) {
    const pool = poolOf(input, call);
    if (pool.certificate === undefined) {
      const notBeforeDate = new Date(call.cloud.clock.now());
      const notAfterDate = new Date(notBeforeDate.getTime() + 3650 * 86_400_000);
      const made = await generate([{ name: 'commonName', value: pool.id }], {
        keySize: 2048,
        notBeforeDate,
        notAfterDate,
      });
      pool.certificate ??= made.cert.replaceAll(/-----[^-]+-----|\s/g, '');
    }
    return { Certificate: pool.certificate };
  },
});
