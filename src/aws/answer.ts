/** An answer of success that is not one (S1). The SDK's retry may ask again: nothing was decided on it. */
export class InvalidResponse extends Error {
  override readonly name = 'InvalidResponse';
  readonly $retryable = { throttling: false };
  $metadata: { requestId: string | undefined; httpStatusCode: number };

  constructor(message: string, httpStatusCode: number, requestId: string | undefined) {
    super(message);
    this.$metadata = { requestId, httpStatusCode };
  }
}

/** The action that a request of the query protocols names; `request` for any other. */
export const actionOf = ({ body }: { readonly body?: unknown }): string =>
  (typeof body === 'string' ? /(?:^|&)Action=(\w+)/.exec(body)?.[1] : undefined) ?? 'request';

export async function collect(body: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

/** S1: a whole document of the kind that was asked for, or no answer at all. */
export function checkAnswer(action: string, body: Uint8Array, status: number, requestId: string | undefined): void {
  if (action === 'request') return;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const why =
    bytes.length === 0
      ? 'an empty body'
      : !bytes.toString('latin1', 0, 300).includes(`<${action}Response`)
        ? 'a body that is no answer to it'
        : !bytes
              .toString('latin1', Math.max(0, bytes.length - 100))
              .trimEnd()
              .endsWith(`</${action}Response>`)
          ? 'a body that is cut off'
          : null;
  if (why !== null) throw new InvalidResponse(`The answer has status ${status} and ${why}.`, status, requestId);
}
