import { notFound, Page, page, pageOf, route } from '@perennial/service';
import type { Runners } from '../engine/run';
import { findRun, listRuns } from '../store/runs';
import { Id, RunDocument } from './documents';

export function startRun(runners: Runners) {
  return route({
    method: 'post',
    path: '/runs',
    summary: 'Look for due work now; answers when it is done',
    scopes: ['billing:write'],
    answers: { 201: RunDocument },
    perform: async ({ announce }) => ({
      status: 201,
      body: await runners.runOnRequest(announce),
    }),
  });
}

export function readRuns() {
  return route({
    method: 'get',
    path: '/runs',
    summary: 'Runs, newest first',
    scopes: ['billing:read'],
    query: Page,
    answers: { 200: pageOf(RunDocument) },
    handle: async ({ query: { limit, cursor = '~' } }, tx) => {
      const rows = await listRuns(limit + 1, cursor, tx);
      return { status: 200, body: page(rows, limit, ({ id }) => id) };
    },
  });
}

export function readRun() {
  return route({
    method: 'get',
    path: '/runs/:id',
    summary: 'What one run did',
    scopes: ['billing:read'],
    params: Id,
    answers: { 200: RunDocument },
    handle: async ({ params: { id } }, tx) => {
      const run = await findRun(id, tx);
      if (!run) throw notFound('run', id);
      return { status: 200, body: run };
    },
  });
}
