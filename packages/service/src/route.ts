import type { Instant } from '@perennial/calendar';
import type { Announcement, Cause } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Announce } from './definition';
import { parseInput, parseParams } from './http/input';

export const Scope = z.enum([
  'customers',
  'subscriptions',
  'billing:read',
  'billing:write',
  'operator',
  'contacts:read',
]);
export type Scope = z.infer<typeof Scope>;

/** Who calls: the name of the token. Anonymous on open routes, as `anonymous` without scopes. */
export interface Caller {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface RouteRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly cause: Cause;
  readonly now: Instant;
  readonly requestId: string;
  /** For `perform`, which writes in transactions of its own; `handle` returns what it announces. */
  readonly announce: Announce;
}

export interface RouteAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly announce?: readonly Announcement[];
  /** Then `body` is text, whole or in pieces (`AsyncIterable<string>`). Absent: JSON. */
  readonly contentType?: string;
  /** With `replay`: what is kept for a repeated Idempotency-Key, instead of the body. */
  readonly kept?: unknown;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Declares one route: what it takes, who may call it, what it answers, and what it does. */
export interface RouteDeclaration<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
> {
  readonly method: Method;
  /** In express's way, `/customers/:id`. */
  readonly path: string;
  readonly summary: string;
  /** Any one of them will do; none: open to everybody. */
  readonly scopes: readonly Scope[];
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** What is answered, by status: documents it, and in tests holds it. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** For the documentation of answers that are not JSON. */
  readonly contentType?: string;
  readonly idempotencyKey?: 'required';
  /** Runs in one transaction, with the idempotency record and the announced messages in it. */
  readonly handle?: (
    request: RouteRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
    tx: Tx,
  ) => Promise<RouteAnswer>;
  /** Instead of `handle`, for the few that must not sit in one transaction. */
  readonly perform?: (
    request: RouteRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<RouteAnswer>;
  /**
   * Answers a repeated Idempotency-Key from what was `kept`, for answers with personal data, which
   * must not lie in the table of keys. Absent: the first body is kept and given again.
   */
  readonly replay?: (
    kept: unknown,
    request: RouteRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
    tx: Tx,
  ) => Promise<RouteAnswer>;
}

/** A request as it came, and the same for every route. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly context: Omit<RouteRequest, 'params' | 'query' | 'body'>;
}

/** A request that has been found valid, and what is to be done for it. */
export interface PreparedRequest {
  readonly handle?: (tx: Tx) => Promise<RouteAnswer>;
  readonly perform?: () => Promise<RouteAnswer>;
  readonly replay?: (kept: unknown, tx: Tx) => Promise<RouteAnswer>;
}

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly scopes: readonly Scope[];
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  readonly answers: Readonly<Record<number, z.ZodType>>;
  readonly contentType?: string;
  readonly keyRequired: boolean;
  /** Throws the Refusal of the first kind of input that is wrong. */
  prepare(raw: RawRequest): PreparedRequest;
}

const NoFields = z.object({});
type NoFields = typeof NoFields;

export function route<
  Params extends z.ZodObject = NoFields,
  Query extends z.ZodObject = NoFields,
  Body extends z.ZodType = z.ZodUndefined,
>(declaration: RouteDeclaration<Params, Query, Body>): Route {
  const { handle, perform, replay, idempotencyKey, ...contract } = declaration;
  const schemas = {
    params: declaration.params ?? NoFields,
    query: declaration.query ?? NoFields,
    body: declaration.body ?? null,
  };
  return {
    ...contract,
    ...schemas,
    keyRequired: idempotencyKey === 'required',
    prepare(raw) {
      const request = {
        ...raw.context,
        params: parseParams(schemas.params, raw.params) as z.output<Params>,
        ...(parseInput(schemas, raw) as { query: z.output<Query>; body: z.output<Body> }),
      };
      return {
        ...(handle && { handle: (tx: Tx) => handle(request, tx) }),
        ...(perform && { perform: () => perform(request) }),
        ...(replay && { replay: (kept: unknown, tx: Tx) => replay(kept, request, tx) }),
      };
    },
  };
}
