/** Points at one wrong place of an input. Never holds the value that was wrong. */
export interface FieldError {
  /** A JSON Pointer into the body, or `/name` of a query parameter. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** An expected no. Becomes problem+json in one place; the transaction it is thrown in is undone. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${code}: ${detail}`);
  }
}

/** `what` is a noun, as in "no such payment". The id is not repeated: a wrong one may be anything. */
export const notFound: (what: string, id?: string) => Refusal = (what) =>
  new Refusal(404, 'not-found', `There is no such ${what}.`);

export const invalid = (errors: readonly FieldError[]): Refusal =>
  new Refusal(422, 'invalid-input', 'The input is not valid; see errors.', errors);
