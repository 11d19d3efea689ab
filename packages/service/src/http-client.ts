import http from 'node:http';
import https from 'node:https';
import { HttpFailure, type HttpFailureCode } from './http-failure';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, connecting included. */
  readonly timeoutMs: number;
  /** Of the answer's body; default 1 MiB. */
  readonly maxBytes?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One exchange: follows no redirect and repeats nothing, because only the caller knows what may be sent twice. */
export interface HttpClient {
  /** Throws HttpFailure when there is no whole answer. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface ClosableHttpClient extends HttpClient {
  close(): void;
}
