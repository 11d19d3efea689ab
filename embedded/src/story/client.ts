import { randomUUID } from 'node:crypto';
import { createHttpClient } from '@perennial/service';
import type { z } from 'zod';
import type { Addresses } from '../addresses';

const TIMEOUT_MS = 60_000;

/** Speaks to the services as a shop's own systems would: over HTTP, with a token. */
export class Client {
  private readonly http = createHttpClient();

  constructor(
    private readonly addresses: Addresses,
    private readonly token: string,
  ) {}

  async post<T>(
    service: keyof Addresses,
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
  ): Promise<T> {
    return schema.parse(await this.send('POST', service, path, body));
  }

  async get<T>(service: keyof Addresses, path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.send('GET', service, path));
  }

  /** Throws on any answer that is not a 2xx. */
  async send(
    method: string,
    service: keyof Addresses,
    path: string,
    body?: unknown,
  ): Promise<unknown> {
    const answer = await this.http.send({
      method,
      url: this.addresses[service].url + path,
      headers: {
        authorization: `Bearer ${this.token}`,
        'idempotency-key': randomUUID(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: 16_000_000,
    });
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${service} ${path}: ${answer.status} ${answer.body.slice(0, 500)}`,
      );
    }
    return answer.body === '' ? undefined : JSON.parse(answer.body);
  }

  close(): void {
    this.http.close();
  }
}
