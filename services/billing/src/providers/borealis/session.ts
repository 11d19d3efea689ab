import { createHmac } from 'node:crypto';
import { addMs, type Clock, type Instant, msOf } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import { z } from 'zod';
import { type Answer, type Line, statusTrouble } from '../line/line';
import { isTrouble, meaningOf, type Result, type Trouble, trouble } from '../line/results';
import { said } from './codes';

/** Who we are at Borealis. */
export interface Credentials {
  readonly partnerCode: string;
  readonly secret: string;
}

export interface Session {
  readonly token: string;
  /** From then on another is opened, though this one still counts. */
  readonly refreshAt: Instant;
  readonly endsAt: Instant;
}

const Opened = z.object({
  // Goes into a header.
  sessionToken: z.string().regex(/^[!-~]{1,1024}$/),
  validFor: z.number().positive().max(86_400),
});
type Opened = z.output<typeof Opened>;

/** Before its end a session is replaced by another, this long or a fifth of its life. */
const REFRESH_MS = 60_000;

/** After a log-in that failed: a bank that is asked again by each of a thousand charges locks us out. */
const REST_MS = 5_000;
const REST_AFTER_BAD_CREDENTIALS_MS = 60_000;
/** Where the line holds back by itself. */
const HELD: ReadonlySet<Result> = new Set(['held back', 'circuit open', 'too fast']);

/**
 * The one session that all calls of this process share: logged in once however many wait for it. Kept
 * in memory, since logging in again costs nothing but one of the three that the bank lets live at once.
 */
export class Sessions {
  private session: Session | null = null;
  private opening: Promise<Session | Trouble> | null = null;
  private restUntil: Instant | null = null;

  constructor(
    private readonly line: Line,
    private readonly credentials: Credentials,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** `turnedAway`: the bank does not know this token any more. */
  async get(endMs: number, turnedAway: string | null = null): Promise<Session | Trouble> {
    if (this.session?.token === turnedAway) this.session = null;
    if (this.session && this.clock.now() < this.session.refreshAt) return this.session;
    this.opening ??= this.open(endMs).finally(() => {
      this.opening = null;
    });
    const opened = await this.opening;
    return isTrouble(opened) ? (this.stillCounting() ?? opened) : opened;
  }

  private stillCounting(): Session | null {
    return this.session && this.clock.now() < this.session.endsAt ? this.session : null;
  }

  private async open(endMs: number): Promise<Session | Trouble> {
    const now = this.clock.now();
    if (this.restUntil !== null && now < this.restUntil) {
      return trouble('no session', 'the last log-in failed a moment ago');
    }
    const opened = await this.logIn(endMs);
    if (isTrouble(opened)) {
      if (!HELD.has(opened.trouble)) this.restUntil = addMs(now, restMs(opened));
      return trouble('no session', `no session: ${opened.detail}`, opened.waitMs);
    }
    const lifeMs = opened.validFor * 1000;
    const endsAt = addMs(now, lifeMs);
    const refreshAt = addMs(endsAt, -Math.min(REFRESH_MS, lifeMs / 5));
    this.session = { token: opened.sessionToken, refreshAt, endsAt };
    return this.session;
  }

  /** Once more where there was no answer: by another nonce, since each counts once. */
  private async logIn(endMs: number): Promise<Opened | Trouble> {
    const first = await this.ask(endMs);
    if (!isTrouble(first) || meaningOf(first).repeat !== 'reading') return first;
    return this.ask(endMs);
  }

  private ask(endMs: number): Promise<Opened | Trouble> {
    const { partnerCode, secret } = this.credentials;
    const nonce = this.ids().replaceAll('-', '');
    const ts = Math.floor(msOf(this.clock.now()) / 1000);
    const proof = createHmac('sha256', secret)
      .update(`${partnerCode}|${nonce}|${ts}`)
      .digest('hex');
    const body = JSON.stringify({ partnerCode, nonce, ts, proof });
    const call = { kind: 'session', method: 'POST', path: '/api/session', body } as const;
    return this.line.ask({ ...call, read: openedBy }, endMs);
  }
}

function restMs(met: Trouble): number {
  return met.trouble === 'bad credentials' ? REST_AFTER_BAD_CREDENTIALS_MS : REST_MS;
}

function openedBy(answer: Answer): Opened | Trouble {
  const code = said(answer);
  if (isTrouble(code)) return code;
  const opened = Opened.safeParse(answer.json);
  return code.says === 'done' && opened.success ? opened.data : statusTrouble(answer);
}
