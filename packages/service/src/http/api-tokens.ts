import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Caller, Scope } from '../route';

/** Who may call, by the SHA-256 of the token: the tokens themselves are nowhere in our settings. */
export interface ApiToken extends Caller {
  readonly sha256: Buffer;
}

/** `name:scope+scope:sha256hex,…`: the name ends at the first colon, the hash begins after the last. */
export const ApiTokens = z.string().transform((text, context): readonly ApiToken[] => {
  const tokens: ApiToken[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const token = parseToken(entry.trim());
    if (typeof token === 'string') {
      context.addIssue({ code: 'custom', message: `entry ${index + 1}: ${token}` });
    } else if (tokens.some(({ name }) => name === token.name)) {
      context.addIssue({ code: 'custom', message: `entry ${index + 1}: its name is taken` });
    } else tokens.push(token);
  }
  return tokens;
});

/** A token, or what is wrong with it. */
function parseToken(entry: string): ApiToken | string {
  const [, name, scopeText, hash] = /^([^:]*):(?:(.*):)?([^:]*)$/.exec(entry) ?? [];
  if (name === undefined || hash === undefined) return 'expected name:scope+scope:sha256hex';
  if (!/^[A-Za-z0-9._-]{1,48}$/.test(name)) return 'a name is 1 to 48 of A-Z a-z 0-9 . _ -';
  if (!/^[0-9a-f]{64}$/i.test(hash)) return 'expected the SHA-256 of the token in hex';
  const scopes = z.array(Scope).safeParse((scopeText ?? '').split('+'));
  if (!scopes.success) return `a scope is one of ${Scope.options.join(' ')}`;
  return { name, scopes: scopes.data, sha256: Buffer.from(hash, 'hex') };
}

/** Compares with every token, each in constant time, so that nothing is learnt from how long it takes. */
export function callerOf(secret: string, tokens: readonly ApiToken[]): Caller | undefined {
  const sha256 = createHash('sha256').update(secret).digest();
  return tokens.filter((token) => timingSafeEqual(token.sha256, sha256)).at(-1);
}
