import { partitionOf } from '../regions.js';
import { AwsError, type Operation, type ServiceTable } from '../wire/operation.js';

/** Thirteen months, as Certificate Manager issues them. */
const VALID_SECONDS = 395 * 24 * 3600;

/** Whoever asks for a certificate is taken to own the domain: it is issued at once. */
const requestCertificate: Operation = ({ params, region, account, world }) => {
  const domainName = params.string('DomainName');
  if (domainName === undefined) throw new AwsError(400, 'InvalidParameterException', 'DomainName is missing');
  const { now } = world.clock;
  const arn = `arn:${partitionOf(region.name)}:acm:${region.name}:${account.id}:certificate/${world.random.uuid()}`;
  region.certificates.set(arn, {
    arn,
    ownerId: account.id,
    domainName,
    status: 'ISSUED',
    createdAt: now,
    notAfter: now + VALID_SECONDS * 1000,
  });
  return { CertificateArn: arn };
};

const neverIssued = ['PENDING_VALIDATION', 'VALIDATION_TIMED_OUT', 'FAILED'];

const describeCertificate: Operation = ({ params, region, account, world }) => {
  const arn = params.string('CertificateArn') ?? '';
  const found = region.certificates.get(arn);
  if (found?.ownerId !== account.id) {
    const text = `Could not find certificate ${arn}.`;
    throw new AwsError(400, 'ResourceNotFoundException', text);
  }
  const isOver = found.status === 'ISSUED' && found.notAfter <= world.clock.now;
  const isIssued = !neverIssued.includes(found.status);
  return {
    Certificate: {
      CertificateArn: arn,
      DomainName: found.domainName,
      Status: isOver ? 'EXPIRED' : found.status,
      Type: 'AMAZON_ISSUED',
      CreatedAt: found.createdAt / 1000,
      NotBefore: isIssued ? found.createdAt / 1000 : undefined,
      NotAfter: isIssued ? found.notAfter / 1000 : undefined,
    },
  };
};

/** Certificate Manager: what tells whether a certificate can be used. */
export const acm: ServiceTable = {
  version: '',
  operations: { DescribeCertificate: describeCertificate, RequestCertificate: requestCertificate },
};
