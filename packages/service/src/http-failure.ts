export type HttpFailureCode =
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'reset'
  | 'too-large'
  | 'unreadable';

/** There is no whole answer. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';

  constructor(
    readonly code: HttpFailureCode,
    /** Might it have reached the peer? Only `false` is certain. */
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(`no answer: ${code}${sent ? '' : ', nothing was sent'}`, options);
  }
}
