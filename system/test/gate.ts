import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of an exchange that comes to the gate. */
export type Fate =
  /** It got through and was acted upon; nobody hears of it. */
  | 'answer lost'
  /** It never got through, and whoever sent it cannot know that. */
  | 'request lost'
  /** It never got through, and no answer comes either. */
  | 'silence'
  /** 503 before any work. */
  | 'turned away'
  /** It never got through, and is answered with this. */
  | Answer;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What is asked, in words that hold for every provider. */
export type Kind = 'charge' | 'refund' | 'enquiry' | 'list' | 'session' | 'webhook' | 'other';

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^POST \/v1\/payments\/[^/]+\/refunds/, 'refund'],
  [/^POST \/v1\/payments/, 'charge'],
  [/^GET \/v1\/[a-z]+\?merchantReference=/, 'enquiry'],
  [/^GET \/v1\/payments\/[^/?]+$/, 'enquiry'],
  [/^GET \/v1\//, 'list'],
  [/^POST \/api\/charge/, 'charge'],
  [/^POST \/api\/reverse/, 'refund'],
  [/^POST \/api\/enquire/, 'enquiry'],
  [/^POST \/api\/statement/, 'list'],
  [/^POST \/(api|webhooks\/\w+)\/session/, 'session'],
  [/^POST \/webhooks\//, 'webhook'],
];

export function kindOf(method: string, path: string): Kind {
  return KINDS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? 'other';
}

/** What was asked through the gate, as it was written. */
export interface Asked {
  readonly kind: Kind;
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly at: string;
  /** What the other side answered, whether that got through or not. */
  answer: string | null;
}

/** An exchange that is under way for as long as a test likes. */
export interface Held {
  /** Resolves when it has come as far as it gets for now. */
  readonly reached: Promise<void>;
  /** It goes on, or is lost. */
  release(fate?: 'lost'): void;
}

/** Where an exchange is held up: on its way there, or on its way back. */
export type Place = 'request' | 'answer';

interface Rule {
  readonly kind: Kind;
  readonly fate: Fate | Holding;
  times: number;
}

interface Holding {
  readonly place: Place;
  reached(): void;
  readonly released: Promise<'lost' | undefined>;
}

/** Stands between two parts of the system and decides, exchange by exchange, what gets through. */
export class Gate {
  readonly asked: Asked[] = [];
  private rules: Rule[] = [];
  private readonly agent = new http.Agent({ keepAlive: true });
  private server = this.newServer();

  private constructor(
    /** The address behind it. */
    readonly target: string,
    private readonly now: () => string,
  ) {}

  /** `now`: whose time is noted beside what was asked. */
  static async open(target: string, now = () => new Date().toISOString()): Promise<Gate> {
    const gate = new Gate(target, now);
    await gate.listen(0);
    return gate;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** From now on exchanges of that kind meet that fate, so many times. */
  meet(kind: Kind, fate: Fate, times = Number.POSITIVE_INFINITY): void {
    this.rules.push({ kind, fate, times });
  }

  /** The next exchange of that kind waits there until it is released. */
  hold(kind: Kind, place: Place): Held {
    let reached = () => {};
    let release: Held['release'] = () => {};
    const released = new Promise<'lost' | undefined>((resolve) => {
      release = resolve;
    });
    const held = { reached: new Promise<void>((resolve) => (reached = resolve)), release };
    this.rules.push({ kind, fate: { place, reached, released }, times: 1 });
    return held;
  }

  /** Everything gets through again. */
  restore(): void {
    this.rules = [];
  }

  /** Nobody is at home: connections are refused. Answers how to come back, at the same address. */
  async shut(): Promise<() => Promise<void>> {
    const { port } = this.server.address() as AddressInfo;
    await this.close();
    return () => this.listen(port);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.agent.destroy();
  }

  private async listen(port: number): Promise<void> {
    this.server = this.newServer();
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  private newServer(): http.Server {
    return http.createServer((request, response) => {
      void this.pass(request, response).catch(() => response.destroy());
    });
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const body = await textOf(request);
    const kind = kindOf(method, path);
    const text = body.toString();
    const asked = { kind, method, path, headers, body: text, at: this.now(), answer: null };
    this.asked.push(asked);
    const fate = this.fateOf(kind);
    if (typeof fate === 'object' && 'place' in fate) return this.delay(fate, asked, body, response);
    if (typeof fate === 'object') return void response.writeHead(fate.status).end(fate.body);
    if (fate === 'silence') return;
    if (fate === 'request lost') return void response.destroy();
    if (fate === 'turned away') return void response.writeHead(503).end();
    const answer = await this.forward(asked, body);
    if (fate === 'answer lost') response.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  private async delay(
    { place, reached, released }: Holding,
    asked: Asked,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const early = place === 'answer' ? await this.forward(asked, body) : null;
    reached();
    if ((await released) === 'lost') return void response.destroy();
    const answer = early ?? (await this.forward(asked, body));
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  private fateOf(kind: Kind): Fate | Holding | undefined {
    const rule = this.rules.find((one) => one.kind === kind && one.times > 0);
    if (rule) rule.times -= 1;
    return rule?.fate;
  }

  private async forward(asked: Asked, body: Buffer): Promise<Forwarded> {
    const answer = await this.ask(asked, body);
    asked.answer = answer.body.toString();
    return answer;
  }

  private ask({ method, path, headers }: Asked, body: Buffer) {
    return new Promise<Forwarded>((resolve, reject) => {
      const options = { method, headers, agent: this.agent };
      const onward = http.request(this.target + path, options, (answer) => {
        const { statusCode = 502, headers: given } = answer;
        textOf(answer).then(
          (text) => resolve({ status: statusCode, headers: given, body: text }),
          reject,
        );
      });
      onward.on('error', reject).end(body);
    });
  }
}

interface Forwarded {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

async function textOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
