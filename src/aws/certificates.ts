import type { ACMClientConfig } from '@aws-sdk/client-acm';
import { orNull, type Send, unreadable } from './call.js';
import type { Certificates } from './ports.js';

const ACTION = 'acm:DescribeCertificate';

/** Certificate Manager's side of the ports. `send` makes one call and words its failure. */
export async function certificates(config: ACMClientConfig, send: Send): Promise<Certificates> {
  const sdk = await import('./stack-clients.js');
  const client = new sdk.ACMClient(config);

  return {
    async certificate(CertificateArn) {
      const command = new sdk.DescribeCertificateCommand({ CertificateArn });
      const answer = await orNull(
        'ResourceNotFound',
        send(ACTION, () => client.send(command)),
      );
      if (answer === null) return null;
      const { Status: status, NotAfter: notAfter = null } = answer.Certificate ?? {};
      if (!status) throw unreadable(ACTION, 'no status');
      return { status, notAfter };
    },
  };
}
