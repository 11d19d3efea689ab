import { addMs } from '@perennial/calendar';
import { FoundDiscrepancies, FoundMessages } from './answers';
import type { Question } from './asking';
import { HOUR_MS, MINUTE_MS } from './billing-moments';
import type { OthersAct } from './life';
import { paymentsOf, refund, refundInDashboard } from './refunding';
import type { Standing } from './standing';

type Doing<K extends OthersAct['kind']> = Extract<OthersAct, { readonly kind: K }>;

/** What operators and providers do about one customer; nothing before there is one. */
export async function actAsOther(act: OthersAct, standing: Standing): Promise<void> {
  if (!standing.customerId) return;
  switch (act.kind) {
    case 'lose-card':
      return loseCard(act, standing);
    case 'refund':
      return refund(act, standing);
    case 'refund-in-dashboard':
      return refundInDashboard(act, standing);
    case 'run':
      return run(act, standing);
    case 'reconcile':
      return reconcile(act, standing);
    case 'resolve-discrepancy':
      return resolveDiscrepancy(act, standing);
    case 'retry-message':
      return retryMessage(act, standing);
  }
}

/** Written down first: it is true from here on, whenever it is told. */
async function loseCard(act: Doing<'lose-card'>, standing: Standing): Promise<void> {
  const { life, door } = standing;
  const card = life.cards[act.card];
  if (!card) return;
  const { provider, paymentMethod } = card;
  const { cause } = act;
  const at = door.now();
  standing.record({
    ...{ person: life.person, kind: 'card-lost', at, provider, paymentMethod, cause },
  });
  await door.loseCard(provider, paymentMethod, cause);
}

async function run(act: Doing<'run'>, standing: Standing): Promise<void> {
  const question = { service: 'billing', method: 'POST', path: '/runs' } as const;
  await askAtOnce(act, standing, question, act.times);
}

/** Of a window that is over also by a clock that is slow. */
async function reconcile(act: Doing<'reconcile'>, standing: Standing): Promise<void> {
  const to = addMs(standing.door.now(), -5 * MINUTE_MS);
  const from = addMs(to, -act.hours * HOUR_MS);
  const body = { provider: act.provider, from, to };
  const question = { service: 'billing', method: 'POST', path: '/reconciliations', body } as const;
  await askAtOnce(act, standing, question, act.times);
}

/** The newest one of the customer's own, so that it is the same whoever else lives. */
async function resolveDiscrepancy(
  act: Doing<'resolve-discrepancy'>,
  standing: Standing,
): Promise<void> {
  const own = new Set((await paymentsOf(standing)).map(({ id }) => id));
  const path = '/discrepancies?state=open&limit=200';
  const reply = await standing.ask(act.kind, { service: 'billing', method: 'GET', path });
  if (reply.is !== 'accepted') return;
  const { data } = FoundDiscrepancies.parse(reply.body);
  const found = data.find(({ paymentId }) => paymentId !== null && own.has(paymentId));
  if (!found) return;
  await standing.ask(act.kind, {
    ...{ service: 'billing', method: 'POST', path: `/discrepancies/${found.id}/resolution` },
    body: { state: 'explained', note: 'Looked into.' },
    key: standing.keyOf(act),
  });
}

async function retryMessage(act: Doing<'retry-message'>, standing: Standing): Promise<void> {
  const { service } = act;
  const path = '/messages?limit=1';
  const reply = await standing.ask(act.kind, { service, method: 'GET', path });
  if (reply.is !== 'accepted') return;
  const [found] = FoundMessages.parse(reply.body).data;
  if (!found) return;
  await askAtOnce(
    act,
    standing,
    { service, method: 'POST', path: `/messages/${found.id}/retry` },
    2,
  );
}

/** Each with a key of its own, as from two people. */
async function askAtOnce(
  act: OthersAct,
  standing: Standing,
  question: Question,
  times: 1 | 2,
): Promise<void> {
  const keys = ['', '-too'].slice(0, times).map((suffix) => standing.keyOf(act, suffix));
  await Promise.all(keys.map((key) => standing.ask(act.kind, { ...question, key })));
}
