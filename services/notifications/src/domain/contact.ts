import { z } from 'zod';

/** Whom to write to. Asked for when a mail is sent; never stored and never logged. */
export const Contact = z.object({
  title: z.string().nullable(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
});
export type Contact = z.infer<typeof Contact>;

export function fullName({ title, firstName, lastName }: Contact): string {
  return [title, firstName, lastName].filter((part) => part).join(' ');
}
