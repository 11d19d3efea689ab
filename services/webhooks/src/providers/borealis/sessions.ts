import { createHash, randomBytes } from 'node:crypto';
import { addMs, type Instant, instantOfMs } from '@perennial/calendar';
import type { Answer } from '../../door/answer';
import { PerMinute } from '../../door/per-minute';
import { type RawRequest, soleHeader } from '../../door/raw-request';
import { tooManySessions } from '../../door/refusals';
import type { World } from '../adapter';
import type { Authentication } from '../provider';
import { TOLERANCE_S } from '../tolerance';
import type { WebhookSecret } from '../webhook-secrets';
import { isProven, parseSessionRequest } from './proof';
import { newestSessions, openSession } from './store-sessions';

const VALID_FOR_S = 3600;
const SESSION_REQUESTS_PER_MINUTE = 30;

interface Options {
  readonly provider: string;
  readonly partnerCode: string;
  readonly secrets: readonly WebhookSecret[];
}

/** Who has proven to know the secret gets a token, which is good for a while and from its address. */
export class Sessions {
  readonly #requests: PerMinute;

  constructor(
    private readonly options: Options,
    private readonly world: World,
  ) {
    this.#requests = new PerMinute(world.clock, SESSION_REQUESTS_PER_MINUTE);
  }

  /** Null: not authentic. Counted before anything is looked at, the authentic ones too. */
  async open({ body, peer, requestId, receivedAt: now }: RawRequest): Promise<Answer | null> {
    const waitS = this.#requests.count(peer);
    if (waitS !== null) return tooManySessions(requestId, waitS);
    const request = parseSessionRequest(body);
    if (request === null || !isProven(request, this.options, now)) return null;
    const { provider } = this.options;
    const token = randomBytes(32).toString('base64url');
    const session = { tokenHash: hash(token), peer, endsAt: addMs(now, VALID_FOR_S * 1000) };
    const nonce = { nonce: request.nonce, forgetAt: forgetAt(request.ts) };
    const { db, logger } = this.world;
    if (!(await db.transaction((tx) => openSession(provider, session, nonce, now, tx))))
      return null;
    logger.info({ provider, peer, requestId }, 'a session was opened');
    return { status: 200, body: { sessionToken: token, validFor: VALID_FOR_S } };
  }

  async authenticate(request: RawRequest): Promise<Authentication> {
    const token = soleHeader(request, 'x-session-token');
    if (!token) return { ok: false };
    const { provider } = this.options;
    const newest = await this.world.db.transaction((tx) => newestSessions(provider, tx));
    const session = newest.find(({ tokenHash }) => tokenHash === hash(token));
    const counts = session?.peer === request.peer && request.receivedAt < session.endsAt;
    return counts ? { ok: true, eventId: null } : { ok: false };
  }
}

/** The first second in which the proof is too old. */
function forgetAt(ts: number): Instant {
  return instantOfMs((ts + TOLERANCE_S + 1) * 1000);
}

function hash(token: string): string {
  return createHash('sha256').update(token, 'latin1').digest('hex');
}
