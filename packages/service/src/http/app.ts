import type { Logger } from '@perennial/logger';
import express, { type Express, type RequestHandler } from 'express';
import { Refusal } from '../refusal';
import type { Method, Route } from '../route';
import { answerRoute, type RouteOptions } from './answer-route';
import { beginExchange } from './exchange';
import { answerProblems } from './problem';

export interface AppOptions extends RouteOptions {
  readonly logger: Logger;
  readonly routes: readonly Route[];
  /** Sees every request first, with its exchange begun. */
  readonly observe: RequestHandler;
  readonly mount: (app: Express) => void;
}

/** One chain for every service: begin, observe, what is mounted, the routes, 405, 404, problems. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use((request, response, next) => {
    beginExchange(request, response);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(options.observe);
  options.mount(app);
  for (const route of options.routes) app[route.method](route.path, answerRoute(route, options));
  for (const [path, methods] of methodsByPath(options.routes)) app.all(path, refuseMethod(methods));
  app.use(() => {
    throw new Refusal(404, 'not-found', 'There is no such thing.');
  });
  app.use(answerProblems(options.logger));
  return app;
}

function methodsByPath(routes: readonly Route[]): Map<string, Method[]> {
  const methods = new Map<string, Method[]>();
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}

function refuseMethod(methods: readonly Method[]): RequestHandler {
  const allowed = methods.map((method) => method.toUpperCase()).join(', ');
  return (request) => {
    const detail = `${request.method} is not possible here.`;
    throw new Refusal(405, 'method-not-allowed', detail, [], { Allow: allowed });
  };
}
