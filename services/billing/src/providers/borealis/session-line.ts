import { type Call, endOfCall, type Limits, type Line } from '../line/line';
import {
  isTrouble,
  type Trouble,
  trouble,
  type Unanswered,
  type Unsettled,
  unanswered,
  unsettled,
} from '../line/results';
import type { Session, Sessions } from './session';

/** The line to Borealis, where everything is said within a session. */
export class SessionLine {
  constructor(
    private readonly line: Line,
    private readonly sessions: Sessions,
    private readonly limits: Limits,
  ) {}

  async send<Said extends object>(call: Call<Said>): Promise<Said | Unsettled> {
    const said = await this.ask(call);
    return isTrouble(said) ? unsettled(said) : said;
  }

  async enquire<Said extends object>(call: Call<Said>): Promise<Said | Unanswered> {
    const said = await this.ask(call);
    return isTrouble(said) ? unanswered(said) : said;
  }

  /** A call that was turned away for its session is made once more, in another. */
  async ask<Said extends object>(call: Call<Said>): Promise<Said | Trouble> {
    const endMs = endOfCall();
    const session = await this.sessions.get(endMs);
    if (isTrouble(session)) return session;
    const said = await this.askWithin(session, call, endMs);
    if (!isTrouble(said) || said.trouble !== 'session expired') return said;
    const next = await this.sessions.get(endMs, session.token);
    if (isTrouble(next)) return trouble('session expired', next.detail, next.waitMs);
    this.line.pace.take(1);
    return this.askWithin(next, call, endMs);
  }

  /** Not begun where logging in has left less time than an answer may take: nothing sent is better than unknown. */
  private async askWithin<Said extends object>(
    { token }: Session,
    call: Call<Said>,
    endMs: number,
  ): Promise<Said | Trouble> {
    if (endMs - performance.now() < this.limits.timeoutMs) {
      return trouble('no session', 'logging in took too long');
    }
    const headers = { ...call.headers, 'X-Session-Token': token };
    return this.line.ask({ ...call, headers }, endMs);
  }
}
