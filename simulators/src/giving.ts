import type { Response } from 'express';
import type { Answering } from './token';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Gives the answer, or loses it in the way that was asked for; what `500_after` shows is the caller's. */
export async function give(
  response: Response,
  { status, body }: Answer,
  answering: Answering | 'at once',
): Promise<void> {
  const text = JSON.stringify(body);
  switch (answering) {
    case 'hang':
      return;
    case 'reset_after':
      response.socket?.resetAndDestroy();
      return;
    case 'html':
      response.status(200).type('html').send('<html><body>Something went wrong</body></html>');
      return;
    case 'truncated':
      response.status(status).type('json').setHeader('Content-Length', Buffer.byteLength(text));
      response.write(text.slice(0, text.length / 2));
      setTimeout(() => response.socket?.destroy(), 20);
      return;
    case 'slow':
      await dripped(response, status, text);
      return;
    case '500_after':
    case 'at once':
      response.status(status).json(body);
  }
}

const DRIP_MS = 20;

async function dripped(response: Response, status: number, text: string): Promise<void> {
  response.status(status).type('json');
  for (const byte of text) {
    if (response.destroyed) return;
    response.write(byte);
    await new Promise((resolve) => setTimeout(resolve, DRIP_MS));
  }
  response.end();
}
