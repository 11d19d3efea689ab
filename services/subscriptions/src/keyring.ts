import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

interface Key {
  readonly id: string;
  readonly encryption: Buffer;
  readonly lookUp: Buffer;
}

/**
 * The keys of personal data. The first writes and all read, so that a key is replaced in three steps:
 * put the new one in front, wait until every row is rewritten, take the old one away.
 */
export class Keyring {
  private readonly keys: readonly Key[];
  private readonly first: Key;

  /** Each secret has 32 bytes. */
  constructor(secrets: readonly [Buffer, ...Buffer[]]) {
    const [first, ...others] = secrets;
    this.first = keyOf(first);
    this.keys = [this.first, ...others.map(keyOf)];
  }

  get firstKeyId(): string {
    return this.first.id;
  }

  /** `owner` is bound to the ciphertext: copied into another row it does not open. */
  seal(text: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.first.encryption, iv);
    cipher.setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]);
    return `${this.first.id}.${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64')}`;
  }

  open(sealed: string, owner: string): string {
    const [keyId, base64 = ''] = sealed.split('.');
    const key = this.keys.find(({ id }) => id === keyId);
    if (!key)
      throw new Error(`personal data is sealed with key ${keyId}, which is not in the settings`);
    const bytes = Buffer.from(base64, 'base64');
    const decipher = createDecipheriv(ALGORITHM, key.encryption, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }

  /** What a row is found by when it is written now. */
  emailHash(email: string): string {
    return hashOf(this.first, email);
  }

  /** What a row may be found by: it was written with any one of the keys. */
  emailHashes(email: string): string[] {
    return this.keys.map((key) => hashOf(key, email));
  }
}

/** One secret, three purposes: what is derived for one tells nothing about the others. */
function keyOf(secret: Buffer): Key {
  return {
    id: derived(secret, 'key id', 4).toString('hex'),
    encryption: derived(secret, 'personal data', 32),
    lookUp: derived(secret, 'e-mail look-up', 32),
  };
}

function derived(secret: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `perennial subscriptions ${purpose}`, bytes));
}

function hashOf({ lookUp }: Key, email: string): string {
  return createHmac('sha256', lookUp).update(email.trim().toLowerCase()).digest('hex');
}
