/**
 * The three kinds of failure. Which one it is decides the exit code and the tone: the user's mistake (64), the world's
 * answer (1), or, for anything else that is thrown, our own bug (1, with how to report it).
 */
export class UsageError extends Error {
  constructor(
    /** Stable, for scripts: `InvalidDuration`, `ConfigInvalid` … */
    readonly code: string,
    /** Names the wrong value. */
    message: string,
    /** What to do instead, one remedy a string. */
    readonly suggestions: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Something outside went wrong: AWS refused, a name was not found, the network failed. */
export class OperationError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly suggestions: readonly string[] = [],
    readonly requestId?: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/**
 * AWS's answer to one call. `code` is AWS's own error code (`Throttling`, `AccessDenied`), or `NetworkError`,
 * `NoCredentials`, `InvalidResponse` where no answer of AWS's can be quoted.
 */
export class AwsFailure extends OperationError {
  constructor(
    /** e.g. `ec2:DescribeNetworkInterfaces`. */
    readonly action: string,
    code: string,
    message: string,
    suggestions: readonly string[] = [],
    requestId?: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, suggestions, requestId, options);
  }
}
