import { randomBytes } from 'node:crypto';
import { addMs, type Clock, type Instant } from '@perennial/calendar';
import { z } from 'zod';
import type { Post } from '../post';
import { json } from '../requests';
import { epochSeconds } from './bodies';
import { proofOf } from './proof';

export interface WebhookTarget {
  /** Batches go there, log-ins to `/session` below it. */
  readonly url: string;
  /** Raw text. */
  readonly secret: string;
}

const Opened = z.object({
  sessionToken: z.string().min(1),
  validFor: z.number().positive(),
});

/** The bank's session at those whom it tells: used until it runs out, or is refused. */
export class WebhookSession {
  private session: { readonly token: string; readonly endsAt: Instant } | null = null;
  private opening: Promise<string | null> | null = null;

  constructor(
    private readonly target: WebhookTarget & { readonly partnerCode: string },
    private readonly post: Post,
    private readonly clock: Clock,
  ) {}

  /** Null: none was to be had. */
  async token(): Promise<string | null> {
    if (this.session && this.clock.now() < this.session.endsAt) return this.session.token;
    this.opening ??= this.open().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  /** It was refused. */
  end(token: string): void {
    if (this.session?.token === token) this.session = null;
  }

  clear(): void {
    this.session = null;
  }

  private async open(): Promise<string | null> {
    const { url, secret, partnerCode } = this.target;
    const now = this.clock.now();
    const logIn = { partnerCode, nonce: randomBytes(16).toString('hex'), ts: epochSeconds(now) };
    const body = JSON.stringify({ ...logIn, proof: proofOf(secret, logIn) });
    const answer = await this.post(`${url}/session`, {}, body);
    const { data, success } = Opened.safeParse(json(answer.text));
    if (answer.status !== 200 || !success) return null;
    this.session = { token: data.sessionToken, endsAt: addMs(now, data.validFor * 1000) };
    return data.sessionToken;
  }
}
