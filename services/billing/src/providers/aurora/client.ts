import { type HttpClient, HttpFailure, type HttpRequest } from '@perennial/service';

export interface AuroraConnection {
  readonly url: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
}

/** What came of a request: an answer with its JSON (undefined: not JSON), or none. */
export type Exchange =
  | {
      readonly status: number;
      readonly json: unknown;
      readonly waitMs: number | null;
      /** Kept under the key, and said again: Aurora has been at work. */
      readonly replayed: boolean;
    }
  | { readonly failure: string; readonly maybeSent: boolean };

export class AuroraClient {
  constructor(
    private readonly http: HttpClient,
    private readonly connection: AuroraConnection,
  ) {}

  post(path: string, idempotencyKey: string, body: string): Promise<Exchange> {
    const headers = { 'Idempotency-Key': idempotencyKey, 'Content-Type': 'application/json' };
    return this.exchange({ method: 'POST', path, headers, body });
  }

  get(path: string): Promise<Exchange> {
    return this.exchange({ method: 'GET', path, headers: {} });
  }

  private async exchange({
    path,
    headers,
    ...request
  }: Pick<HttpRequest, 'method' | 'body'> & {
    path: string;
    headers: Record<string, string>;
  }): Promise<Exchange> {
    const { url, apiKey, timeoutMs } = this.connection;
    try {
      const answer = await this.http.send({
        ...request,
        url: url.replace(/\/$/, '') + path,
        headers: { ...headers, Authorization: `Bearer ${apiKey}` },
        timeoutMs,
      });
      const waitMs = retryAfterMs(answer.headers['retry-after']);
      const replayed = answer.headers['idempotent-replayed'] === 'true';
      return { status: answer.status, json: parsed(answer.body), waitMs, replayed };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      return { failure: error.code, maybeSent: error.sent };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MAX_WAIT_MS = 3_600_000;

/** The form in seconds; a provider's wish to wait longer than an hour is not followed. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return null;
  return Math.min(Number(header) * 1000, MAX_WAIT_MS);
}
