/**
 * Keeps secrets out of whatever people see. Values that are known to be secret are cut out wherever they stand;
 * access key ids, session tokens and signatures are recognised by their shape.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let out = text;
  for (const secret of secrets) if (secret.length >= 8) out = out.replaceAll(secret, '[redacted]');
  return out
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{8,}/g, '$1…')
    .replace(
      /((?:Signature|X-Amz-Security-Token|SessionToken|SecretAccessKey)["']?\s*[=:>]\s*["']?)[^\s"',;&<]+/gi,
      '$1[redacted]',
    );
}
