import { randomBytes } from 'node:crypto';
import { addMs, type Clock, type Instant, msOf } from '@perennial/calendar';
import { z } from 'zod';
import { proofOf } from './proof';

const MOST = 3;
/** How old, or how far ahead, a proof may be. */
const TOLERANCE_S = 300;

const Body = z.object({
  partnerCode: z.string().min(1),
  nonce: z.string().min(16).max(64),
  ts: z.int().nonnegative(),
  proof: z.string().min(1),
});

export interface SessionOptions {
  readonly partnerCode: string;
  readonly apiSecret: string;
  readonly sessionSeconds: number;
}

/** At most three live ones: a new log-in ends the oldest. */
export class Sessions {
  private live: { readonly token: string; readonly endsAt: Instant }[] = [];
  private readonly used = new Map<string, Instant>();

  constructor(
    private readonly options: SessionOptions,
    private readonly clock: Clock,
  ) {}

  logIn(body: unknown): object | 'malformed' {
    const { data, success } = Body.safeParse(body);
    if (!success) return 'malformed';
    const { apiSecret, partnerCode, sessionSeconds } = this.options;
    const now = this.clock.now();
    const isOff = Math.abs(msOf(now) / 1000 - data.ts) > TOLERANCE_S;
    const isProven = data.partnerCode === partnerCode && data.proof === proofOf(apiSecret, data);
    if (!isProven || isOff || this.used.has(data.nonce)) return { rc: '91' };
    this.used.set(data.nonce, now);
    const token = randomBytes(18).toString('hex');
    const endsAt = addMs(now, sessionSeconds * 1000);
    this.live = [...this.live, { token, endsAt }].slice(-MOST);
    return { rc: '00', sessionToken: token, validFor: sessionSeconds };
  }

  isLive(token: string): boolean {
    const session = this.live.find((one) => one.token === token);
    return session !== undefined && this.clock.now() < session.endsAt;
  }

  end(token: string): void {
    this.live = this.live.filter((one) => one.token !== token);
  }

  clear(): void {
    this.live = [];
    this.used.clear();
  }
}
