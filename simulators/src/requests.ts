import type { Clock } from '@perennial/calendar';
import type { Request } from 'express';

const KEPT = 10_000;

/** What we were asked, the newest at the end, without the caller's credentials. */
export class Requests {
  readonly seen: object[] = [];

  constructor(private readonly clock: Clock) {}

  remember(request: Request, more: object = {}): void {
    const { method, originalUrl: path } = request;
    const body = json(String(request.body));
    this.seen.push({ method, path, ...more, body, at: this.clock.now() });
    if (this.seen.length > 2 * KEPT) this.seen.splice(0, KEPT);
  }

  clear(): void {
    this.seen.length = 0;
  }
}

/** Undefined: not JSON. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
