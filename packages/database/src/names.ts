const camel = new Map<string, string>();
const snake = new Map<string, string>();

/** `amount_minor` → `amountMinor`. */
export function camelCase(column: string): string {
  return remember(camel, column, () =>
    column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  );
}

/** `amountMinor` → `amount_minor`. */
export function snakeCase(key: string): string {
  return remember(snake, key, () => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

// Every row of every statement asks; the names of columns are few.
function remember(known: Map<string, string>, name: string, make: () => string): string {
  const old = known.get(name);
  if (old !== undefined) return old;
  const made = make();
  known.set(name, made);
  return made;
}
