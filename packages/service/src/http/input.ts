import type { z } from 'zod';
import { type FieldError, invalid, notFound } from '../refusal';

/** What cannot be an id is the id of nothing: a malformed one in the path is 404, like an unknown one. */
export function parseParams(schema: z.ZodObject, params: unknown): unknown {
  const result = schema.safeParse(params);
  if (!result.success) throw notFound('thing');
  return result.data;
}

interface InputSchemas {
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
}

/** Tells everything that is wrong in query and body at once. */
export function parseInput(
  schemas: InputSchemas,
  input: { readonly query: unknown; readonly body: unknown },
): { query: unknown; body: unknown } {
  const query = schemas.query.safeParse(input.query);
  const body = schemas.body?.safeParse(input.body);
  const issues = [...(query.error?.issues ?? []), ...(body?.error?.issues ?? [])];
  if (issues.length > 0) throw invalid(issues.map(fieldError));
  return { query: query.data, body: body?.data };
}

function fieldError(issue: z.core.$ZodIssue): FieldError {
  const pointer = issue.path.map((part) => `/${escaped(String(part))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return { pointer, code: issue.code, message: 'There are fields that are not known here.' };
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return { pointer, code: 'required', message: 'This is required.' };
  }
  return { pointer, code: issue.code, message: issue.message };
}

/** RFC 6901. */
function escaped(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
