import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * A part of a service that lies in a folder of its own and is found there, so that another one is one
 * more folder and no change elsewhere.
 */
export interface Adapter<Made> {
  readonly name: string;
  /** The variable without which it is not used here; with it, all of its settings must be right. */
  readonly enabledBy: string;
  /** Its own settings, parsed into what the service works with. */
  readonly settings: z.ZodType<Made>;
}

const Found = z.object({
  adapter: z.object({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
    enabledBy: z.string(),
    settings: z.instanceof(z.ZodType),
  }),
});

/** What the folders in this one export as `adapter`. Throws for one that exports none. */
export function adaptersIn<Made>(folder: string): readonly Adapter<Made>[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).some(isIndex),
  );
  return folders.map(({ name }) => {
    const { adapter } = Found.parse(require(join(folder, name)));
    return adapter as Adapter<Made>;
  });
}

function isIndex(file: string): boolean {
  return file === 'index.js' || file === 'index.ts';
}

/** A service's own settings, and what was made of each adapter that is in use, by its name. */
export function settingsWithAdapters<Own extends z.ZodRawShape, Made>(
  own: z.ZodObject<Own>,
  adapters: readonly Adapter<Made>[],
): z.ZodType<z.output<z.ZodObject<Own>> & { readonly adapters: ReadonlyMap<string, Made> }> {
  return z.record(z.string(), z.unknown()).transform((env, context) => {
    const { success, data, error } = own.safeParse(env);
    for (const { path, message } of error?.issues ?? []) {
      context.addIssue({ code: 'custom', path, message });
    }
    const used = adapters.filter(({ enabledBy }) => env[enabledBy] !== undefined);
    const made = new Map<string, Made>();
    for (const { name, settings } of used) {
      const parsed = settings.safeParse(env);
      if (parsed.success) made.set(name, parsed.data);
      for (const { path, message } of parsed.error?.issues ?? []) {
        context.addIssue({ code: 'custom', path, message });
      }
    }
    if (used.length === 0) {
      const path = [adapters[0]?.enabledBy ?? 'adapters'];
      context.addIssue({ code: 'custom', path, message: 'is missing' });
    }
    return success ? { ...data, adapters: made } : z.NEVER;
  });
}
