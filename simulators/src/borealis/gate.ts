import type { Express, Request, Response } from 'express';
import type { RandomFaults } from '../faults';
import { json, type Requests } from '../requests';
import { malformed, tooFast } from './bodies';
import type { Pace } from './pace';
import type { Sessions } from './sessions';
import type { BankFault } from './words';

interface Guarded {
  readonly pace: Pace;
  readonly sessions: Sessions;
  readonly faults: RandomFaults<BankFault>;
  readonly requests: Requests;
}

/** What strikes the call that is under way. */
export type Struck = ReadonlySet<BankFault>;

/** All calls pass here: not too many, and within a session. */
export class Gate {
  private ended = 0;

  constructor(private readonly guarded: Guarded) {}

  routes(app: Express): void {
    const { pace, sessions, requests } = this.guarded;
    app.use('/api', (request, response, next) => {
      requests.remember(request);
      const waitSec = pace.take();
      if (waitSec > 0) tooFast(response, waitSec);
      else next();
    });
    app.post('/api/session', (request, response) => {
      const said = sessions.logIn(json(String(request.body)));
      if (said === 'malformed') malformed(response);
      else response.json(said);
    });
    app.use('/api', (request, response, next) => {
      const struck = this.guarded.faults.strike();
      response.locals['struck'] = struck;
      if (struck.has('session_loss')) this.loseSession(request, response);
      else if (sessions.isLive(tokenOf(request))) next();
      else this.turnAway(response);
    });
  }

  /** It has just ended, as sessions do. */
  loseSession(request: Request, response: Response): void {
    this.guarded.sessions.end(tokenOf(request));
    this.turnAway(response);
  }

  /** In the two ways that a bank has. */
  private turnAway(response: Response): void {
    this.ended += 1;
    response.status(this.ended % 2 === 1 ? 200 : 401).json({ rc: '93' });
  }
}

function tokenOf(request: Request): string {
  return request.get('x-session-token') ?? '';
}
