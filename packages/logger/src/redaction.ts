const REDACTED = '[redacted]';

/** Names of fields without case, `-` and `_`, so that `First-Name` and `first_name` are one. */
const SECRET_FIELDS = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'headers',
  'token',
  'accesstoken',
  'apitoken',
  'apitokens',
  'apikey',
  'secret',
  'password',
  'signature',
  'encryptionkey',
  'appencryptionkey',
  'databaseurl',
  'brokerurl',
]);

const PERSONAL_FIELDS = new Set([
  'email',
  'firstname',
  'lastname',
  'fullname',
  'contact',
  'customer',
  'address',
  'recipient',
  'paymentmethod',
  'cardnumber',
  'iban',
  'body',
  'rawbody',
  'payload',
]);

const DEEPEST = 8;

/** A copy without the values of fields that tell a secret or who somebody is. Errors pass as they are. */
export function withoutSecrets(
  fields: Readonly<Record<string, unknown>>,
  depth = 1,
): Record<string, unknown> {
  const clean = ([name, value]: [string, unknown]) =>
    isTelling(name) && value != null ? [name, REDACTED] : [name, cleaned(value, depth)];
  return Object.fromEntries(Object.entries(fields).map(clean));
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth > DEEPEST) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  return withoutSecrets({ ...value }, depth + 1);
}

function isTelling(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return SECRET_FIELDS.has(plain) || PERSONAL_FIELDS.has(plain);
}

const TELLING_FIELD = [...SECRET_FIELDS, ...PERSONAL_FIELDS].join('|');

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // What a child logger was bound to does not pass withoutSecrets.
  [new RegExp(`"(${TELLING_FIELD})":"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `"$1":"${REDACTED}"`],
  [/\bBearer\s+[^\s"\\]+/gi, 'Bearer [redacted]'],
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
  // A card number: 13 to 19 digits, or four groups of four. A UUID has neither.
  [/\b(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3})\b/g, '[digits]'],
  [/(\w+:\/\/[^\s:/"]+):[^\s@"]+@/g, '$1:[redacted]@'],
];

/** Works on a whole log line: what looks like a token, an address, a card number or a password in a URL. */
export function maskPatterns(line: string): string {
  return PATTERNS.reduce((text, [pattern, mask]) => text.replace(pattern, mask), line);
}
