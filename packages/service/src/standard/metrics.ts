import type { Registry } from 'prom-client';
import { z } from 'zod';
import { route } from '../route';

export function metricsRoute(registry: Registry) {
  return route({
    method: 'get',
    path: '/metrics',
    summary: 'Measurements, as Prometheus reads them',
    scopes: [],
    answers: { 200: z.string() },
    perform: async () => ({
      status: 200,
      body: await registry.metrics(),
      contentType: registry.contentType,
    }),
  });
}
