import { createMessaging, type Messaging } from '@perennial/messaging';
import type { Express, RequestHandler } from 'express';
import { Registry } from 'prom-client';
import type { Announce, Listener, ServiceDefinition } from './definition';
import type { ApiToken } from './http/api-tokens';
import { createApp } from './http/app';
import { keyHousekeeping } from './http/key-housekeeping';
import { observeRequests } from './http/observe';
import { type Listening, listenAll, type RunningServer } from './http/server';
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
  readonly timeline: Pick<Timeline, 'add' | 'advance'>;
  /** While true, nothing is published but when somebody asks; default: while the clock stands still. */
  readonly flushedByOthers?: () => boolean;
  /** An answer that its route does not document is an error: for tests. */
  readonly checkAnswers?: boolean;
}

/** A service at work, with or without sockets. */
export interface AssembledService {
  readonly app: Express;
  /** Its further listeners, in their order. */
  readonly listeners: readonly Listening[];
  readonly messaging: Messaging;
  readonly metrics: Registry;
  /** Takes no more messages, finishes what it has begun, lets go. The ports stay open: they are the caller's. */
  stop(): Promise<void>;
}

export interface RunningService extends Omit<AssembledService, 'listeners'> {
  readonly url: string;
  /** Of its further listeners, in their order. */
  readonly listenerUrls: readonly string[];
}

/** Puts a service to work: its messages, its timers, then its HTTP server. */
export async function startService(
  definition: ServiceDefinition,
  ports: Ports,
  options: StartOptions,
): Promise<RunningService> {
  let servers: readonly RunningServer[] = [];
  const isDraining = () => servers[0]?.isDraining ?? true;
  const { listeners, ...assembled } = await assembleService(definition, ports, {
    ...options,
    isDraining,
  });
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await assembled.stop();
  };
  try {
    servers = await listenAll([{ ...options, app: assembled.app }, ...listeners]);
  } catch (error) {
    await stop();
    throw error;
  }
  const [url = '', ...listenerUrls] = servers.map((server) => server.url);
  ports.logger.info({ service: definition.name, url, listenerUrls }, 'listening');
  return { ...assembled, url, listenerUrls, stop };
}

type AssemblyOptions = Omit<StartOptions, 'port' | 'host'> & {
  readonly isDraining: () => boolean;
};

/** Puts a service to work but for its sockets: whoever asks for it hands requests to its apps. */
export async function assembleService(
  definition: ServiceDefinition,
  ports: Ports,
  options: AssemblyOptions,
): Promise<AssembledService> {
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
  const assembly: Assembly = {
    ...{ options, messaging, metrics, announce, isDraining: options.isDraining },
    observe: observeRequests(ports.logger, metrics),
  };
  const app = appOf(definition, ports, assembly);
  const listeners = (definition.listeners ?? []).map((listener) => ({
    ...{ host: listener.host, port: listener.port },
    app: appAlone(listener, ports, assembly),
  }));
  await messaging.start({ flushedByOthers: options.flushedByOthers ?? (() => standsStill(clock)) });
  const stop = async () => {
    await leave();
    await messaging.stop();
  };
  return { app, listeners, messaging, metrics, stop };
}

function timersOf({ timers }: ServiceDefinition, announce: Announce) {
  return typeof timers === 'function' ? timers(announce) : timers;
}

interface Assembly {
  readonly options: AssemblyOptions;
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
