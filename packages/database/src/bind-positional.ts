import type { Replacements } from './session';

/**
 * `:name` becomes `?`, of a list as many as it has, of a list of lists rows in parentheses; the values
 * follow in that order. Statements hold no colon within quotes.
 */
export function bindPositional(
  sql: string,
  replacements: Replacements,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const text = sql.replace(/:([a-zA-Z]\w*)/g, (_, name: string) => {
    if (!(name in replacements)) throw new Error(`Nothing is given for :${name}`);
    return placeholder(replacements[name], values);
  });
  return { sql: text, values };
}

function placeholder(value: unknown, values: unknown[]): string {
  if (!Array.isArray(value)) {
    values.push(typeof value === 'boolean' ? Number(value) : value);
    return '?';
  }
  // As MySQL has it, an empty list is in nothing.
  if (value.length === 0) return 'NULL';
  return value
    .map((one: unknown) => {
      const inner = placeholder(one, values);
      return Array.isArray(one) ? `(${inner})` : inner;
    })
    .join(', ');
}
