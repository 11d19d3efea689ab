import { createMessaging, type Messaging } from '@perennial/messaging';
import type { Express, RequestHandler } from 'express';
import { Registry } from 'prom-client';
import type { Announce, Listener, ServiceDefinition } from './definition';
import type { ApiToken } from './http/api-tokens';
import { createApp } from './http/app';
import { keyHousekeeping } from './http/key-housekeeping';
import { observeRequests } from './http/observe';
import { listenAll, type RunningServer } from './http/server';
import { openApiDocument } from './openapi/document';
import type { Ports } from './ports';
import { clockRoutes } from './standard/clock';
import { mountDocs } from './standard/docs';
import { healthRoutes } from './standard/health';
import { messageRoutes } from './standard/messages';
import { metricsRoute } from './standard/metrics';
import { standsStill } from './time/clocks';
import type { Timeline } from './time/timeline';

export interface StartOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly apiTokens: readonly ApiToken[];
  readonly timeline: Timeline;
  /** An answer that its route does not document is an error: for tests. */
  readonly checkAnswers?: boolean;
}

export interface RunningService {
  readonly url: string;
  /** Of its further listeners, in their order. */
  readonly listenerUrls: readonly string[];
  readonly app: Express;
  readonly messaging: Messaging;
  readonly metrics: Registry;
  /** Takes nothing new, finishes what it has begun, lets go. The ports stay open: they are the caller's. */
  stop(): Promise<void>;
}

/** Puts a service to work: its messages, its timers, then its HTTP server. */
export async function startService(
  definition: ServiceDefinition,
  ports: Ports,
  options: StartOptions,
): Promise<RunningService> {
  const { name } = definition;
  const { db, clock } = ports;
  const metrics = new Registry();
  const messaging = createMessaging({
    ...ports,
    service: name,
    handlers: definition.messages,
    onPublished: definition.onPublished,
    metrics,
  });
  const announce: Announce = (announcements, tx) => messaging.write(announcements, tx);
  const leave = options.timeline.add({
    name,
    timers: [...timersOf(definition, announce), ...messaging.timers, keyHousekeeping(db, clock)],
    flush: () => messaging.flush(),
    onCommit: (listener) => db.onCommit(listener),
  });
  let servers: readonly RunningServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await leave();
    await messaging.stop();
  };
  const assembly: Assembly = {
    ...{ options, messaging, metrics, announce },
    observe: observeRequests(ports.logger, metrics),
    isDraining: () => servers[0]?.isDraining ?? true,
  };
  const app = appOf(definition, ports, assembly);
  const further = (definition.listeners ?? []).map((listener) => ({
    ...{ host: listener.host, port: listener.port },
    app: appAlone(listener, ports, assembly),
  }));
  await messaging.start({ flushedByOthers: () => standsStill(clock) });
  try {
    servers = await listenAll([{ ...options, app }, ...further]);
  } catch (error) {
    await stop();
    throw error;
  }
  const [url = '', ...listenerUrls] = servers.map((server) => server.url);
  ports.logger.info({ service: name, url, listenerUrls }, 'listening');
  return { url, listenerUrls, app, messaging, metrics, stop };
}

function timersOf({ timers }: ServiceDefinition, announce: Announce) {
  return typeof timers === 'function' ? timers(announce) : timers;
}

interface Assembly {
  readonly options: StartOptions;
  readonly messaging: Messaging;
  readonly metrics: Registry;
  readonly announce: Announce;
  readonly observe: RequestHandler;
  readonly isDraining: () => boolean;
}

function appOf(definition: ServiceDefinition, ports: Ports, assembly: Assembly): Express {
  const { options, messaging, metrics, announce, observe, isDraining } = assembly;
  const { db, clock, ids, logger } = ports;
  const brokerIsReady = () => messaging.ready();
  const routes = [
    ...definition.routes,
    ...messageRoutes(() => messaging, { db, ids }),
    ...(standsStill(clock) ? clockRoutes(clock, options.timeline) : []),
    ...healthRoutes({ db, brokerIsReady, isDraining }),
    metricsRoute(metrics),
  ];
  return createApp({
    ...{ db, clock, ids, logger, announce, routes },
    apiTokens: options.apiTokens,
    checkAnswers: options.checkAnswers ?? false,
    observe,
    mount: (app) => {
      mountDocs(app, () => openApiDocument(definition, routes));
      definition.mount?.(app, announce);
    },
  });
}

/** No routes, so that who may come there sees nothing of the rest. */
function appAlone({ mount }: Listener, ports: Ports, assembly: Assembly): Express {
  const { db, clock, ids, logger } = ports;
  const { options, announce, observe } = assembly;
  return createApp({
    ...{ db, clock, ids, logger, announce, observe, routes: [] },
    apiTokens: options.apiTokens,
    checkAnswers: options.checkAnswers ?? false,
    mount: (app) => mount(app, announce),
  });
}
