import { maskPatterns } from '@perennial/logger';
import { z } from 'zod';

const LONGEST = 1000;

/** What went wrong, for an operator to read and a table to keep: without values that may be personal. */
export function failureText(error: unknown): string {
  return maskPatterns(describe(error)).slice(0, LONGEST);
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) return issuesText(error);
  if (!(error instanceof Error)) return 'something was thrown that is no Error';
  // A driver's message quotes the row's values; its code says which rule they broke.
  if ('parent' in error) return `${error.name}: ${codeOf(error.parent)}`;
  return `${error.name}: ${error.message}`;
}

/** Where and what kind: `data/amount: invalid_type`. */
export function issuesText(error: z.ZodError): string {
  return error.issues.map(({ path, code }) => `${path.join('/')}: ${code}`).join('; ');
}

function codeOf(driverError: unknown): string {
  const known = z.object({ code: z.string() }).safeParse(driverError);
  return known.success ? known.data.code : 'database error';
}
