export { type Adapter, adaptersIn, settingsWithAdapters } from './adapters';
export type { Announce, ServiceDefinition } from './definition';
export { type ApiToken, ApiTokens } from './http/api-tokens';
export { requestIdOf } from './http/exchange';
export { readBody } from './http/read-body';
export {
  type ClosableHttpClient,
  createHttpClient,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from './http-client';
export { HttpFailure, type HttpFailureCode } from './http-failure';
export { allMigrations, migrateCommand } from './migrate';
export { serviceMigrations } from './migrations';
export { Page, page, pageOf } from './page';
export type { Ports } from './ports';
export { type FieldError, invalid, notFound, Refusal } from './refusal';
export {
  type Caller,
  type Method,
  type Route,
  type RouteAnswer,
  type RouteRequest,
  route,
  Scope,
} from './route';
export { runProcess } from './run-process';
export { type CommonSettings, commonSettings, parseSettings, SettingsError } from './settings';
export {
  type AssembledService,
  assembleService,
  type RunningService,
  type StartOptions,
  startService,
} from './start-service';
export {
  isMovable,
  ManualClock,
  type MovableClock,
  standsStill,
  systemClock,
} from './time/clocks';
export type { Participant } from './time/member';
export { pause } from './time/pause';
export { openManualClock } from './time/store-manual-clock';
export { Timeline } from './time/timeline';
