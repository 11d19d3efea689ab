import type { Logger } from '@perennial/logger';
import type { RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';
import { exchangeOf } from './exchange';

/** One log line and one measurement per request, by its route's pattern: a path or a query may tell something. */
export function observeRequests(logger: Logger, registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  return (request, response, next) => {
    response.once('close', () => {
      const { requestId, route, caller, startedMs } = exchangeOf(response);
      const durationMs = performance.now() - startedMs;
      const status = response.writableFinished ? response.statusCode : 499;
      durations.observe({ method: request.method, route, status }, durationMs / 1000);
      const line = { correlationId: requestId, method: request.method, route, status, caller };
      const level = isProbe(route) ? 'debug' : 'info';
      logger[level]({ ...line, durationMs: Math.round(durationMs) }, 'request');
    });
    next();
  };
}

function isProbe(route: string): boolean {
  return route.startsWith('/health/') || route === '/metrics';
}
