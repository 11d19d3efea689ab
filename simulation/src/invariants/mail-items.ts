import { localDate } from '../oracle/london';
import type { Plan } from '../oracle/plan';
import type { Mail } from '../record';
import { byAllClocks } from './judging';
import { mayBeEnding, type Standing, standingsAt } from './mail-standings';
import type { Picture } from './picture';
import type { PaymentFacts } from './trail';
import {
  amountsIn,
  boughtText,
  datesIn,
  isOnly,
  linesIn,
  longDate,
  priceText,
  proseIn,
} from './wording';

const OVER = 'nothing more will be charged';

interface CycleName {
  readonly subscriptionId: string;
  readonly cycle: number;
}

/** A thing that a mail speaks of: which of its lines can be about it. */
interface Thing {
  fits(line: string): boolean;
}

/** Each paid cycle once, with the date of the next one, or that there is none. */
export function paidUntold(
  mail: Mail,
  items: readonly CycleName[],
  picture: Picture,
): string | null {
  if (!items.every((item) => isKnown(item, picture))) return null;
  const things = items.flatMap((item): Thing[] => {
    const plan = picture.people.subscriptions.get(item.subscriptionId)?.plan;
    return plan ? [paidThing(plan, item, mail, picture)] : [];
  });
  const lines = linesIn(mail.text);
  if (isEachTold(lines, things)) return null;
  const wrong = lines.find((line) => !things.some((thing) => thing.fits(line)));
  if (wrong === undefined) return `it lists ${lines.length} of ${things.length} paid things`;
  return `it cannot say ${wrong}`;
}

/** Whether anybody was told that it was bought. */
function isKnown({ subscriptionId }: { readonly subscriptionId: string }, { people }: Picture) {
  return people.subscriptions.has(subscriptionId);
}

function paidThing(
  plan: Plan,
  { subscriptionId: id, cycle }: CycleName,
  mail: Mail,
  picture: Picture,
): Thing {
  const next = plan.dateOf(cycle + 1);
  const standings = standingsAt(id, mail.at, picture);
  const isEnding = mayBeEnding(id, byAllClocks(mail.at), picture);
  const says = [
    ...(standings.some((one) => !endsBy(one, next)) ? [`next charge on ${longDate(next)}`] : []),
    ...(standings.some((one) => endsBy(one, next)) && isEnding ? [OVER] : []),
  ];
  return {
    fits: (line) => says.some((said) => line === `${boughtText(plan)} – ${said}`),
  };
}

function endsBy(standing: Standing, date: string): boolean {
  return standing.state === 'ended' || (standing.state === 'ending' && standing.on <= date);
}

/** Whether each line is about another one of these things, and all of them are there. */
function isEachTold(lines: readonly string[], things: readonly Thing[]): boolean {
  const [thing, ...others] = things;
  if (!thing) return lines.length === 0;
  return lines.some(
    (line, index) => thing.fits(line) && isEachTold(lines.toSpliced(index, 1), others),
  );
}

/** All that was owed with that decline and is still collected, and its sum. */
export function owedUntold(mail: Mail, said: PaymentFacts, picture: Picture): string | null {
  if (!said.items.every((item) => isKnown(item, picture))) return null;
  const owed = said.items.flatMap(({ status, subscriptionId }): Owed[] => {
    const plan = picture.people.subscriptions.get(subscriptionId)?.plan;
    if (status !== 'owed' || !plan) return [];
    const standings = standingsAt(subscriptionId, mail.at, picture);
    return [
      {
        plan,
        mayBeTold: standings.some(isCollected),
        mayBeLeftOut: !standings.every(isCollected),
      },
    ];
  });
  const days = [said.billingDate, localDate(said.nextAttemptAt ?? said.billingDate)].map(longDate);
  const strange = datesIn(mail.text).find((day) => !days.includes(day));
  if (strange) return `it was due on ${days.join(' and is tried again on ')}, not on ${strange}`;
  if (selections(owed).some((told) => isToldAlone(told, mail))) return null;
  return `it says ${[mail.subject, ...linesIn(mail.text)].join(', ')}`;
}

interface Owed {
  readonly plan: Plan;
  readonly mayBeTold: boolean;
  readonly mayBeLeftOut: boolean;
}

function isCollected(standing: Standing): boolean {
  return standing.state === 'going on' || (standing.state === 'ending' && !standing.byCard);
}

/** What can be told of it together. */
function selections(owed: readonly Owed[]): readonly (readonly Plan[])[] {
  const [first, ...others] = owed;
  if (!first) return [[]];
  const { plan, mayBeTold, mayBeLeftOut } = first;
  return selections(others).flatMap((rest) => [
    ...(mayBeTold ? [[plan, ...rest]] : []),
    ...(mayBeLeftOut ? [rest] : []),
  ]);
}

function isToldAlone(told: readonly Plan[], { subject, text }: Mail): boolean {
  const [first] = told;
  if (!first) return false;
  const sum = told.reduce((total, { amountMinor }) => total + amountMinor, 0);
  const price = priceText(sum, first.currency);
  const things = told.map((plan) => ({ fits: (line: string) => line === boughtText(plan) }));
  return (
    isEachTold(linesIn(text), things) && isOnly(price, amountsIn(`${subject}\n${proseIn(text)}`))
  );
}
