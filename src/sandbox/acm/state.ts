export interface Certificate {
  arn: string;
  ownerId: string;
  domainName: string;
  status: 'PENDING_VALIDATION' | 'ISSUED' | 'INACTIVE' | 'EXPIRED' | 'VALIDATION_TIMED_OUT' | 'REVOKED' | 'FAILED';
  createdAt: number;
  /** Virtual instant, shown once it has been issued. */
  notAfter: number;
}
