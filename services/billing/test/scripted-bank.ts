import { type Asked, type Script, ScriptedServer } from './scripted-server';

/** A scripted Borealis that lets everybody in: `answer` is what it says to all else. */
export class ScriptedBank extends ScriptedServer {
  answer: Script | ((asked: Asked) => Script) = {};
  override script = (asked: Asked): Script => {
    if (asked.path === '/api/session') return this.session();
    return typeof this.answer === 'function' ? this.answer(asked) : this.answer;
  };
  /** How it answers a log-in. */
  session: () => Script = () => coded('00', { sessionToken: 'tok_1', validFor: 600 });

  /** What was asked, log-ins aside. */
  get business() {
    return this.asked.filter(({ path }) => path !== '/api/session');
  }

  get logIns() {
    return this.asked.filter(({ path }) => path === '/api/session');
  }
}

export function coded(rc: string, more: object = {}, status = 200): Script {
  return { status, body: JSON.stringify({ rc, ...more }) };
}
