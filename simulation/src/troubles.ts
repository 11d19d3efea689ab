import type { Fault } from './faults';
import { chargeMs, londonDate } from './people/billing-moments';
import { PROVIDERS, type ProviderName, SERVICES } from './record';
import type { World } from './world';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A day's troubles, which last; each begins when it likes, but most like the hour of the charges. */
export function dawn(world: World, day: number): void {
  const someday = beginningsOf(world, day);
  for (const name of PROVIDERS) {
    someday('provider outage', name, [6 * HOUR_MS, 5 * DAY_MS], (ms) =>
      providerFails(world, name, day, ms),
    );
  }
  someday('crm outage', '', [HOUR_MS, 3 * DAY_MS], (ms) => world.hostDown('crm', ms));
  someday('broker down', '', [MINUTE_MS, 12 * HOUR_MS], (ms) => world.carrier.goDown(ms));
  for (const service of SERVICES) {
    someday('database down', service, [MINUTE_MS, 4 * HOUR_MS], (ms) =>
      world.databaseDown(service, ms),
    );
  }
  someday('all asleep', '', [HOUR_MS, DAY_MS], (ms) => world.sleep(ms));
  someday('asleep for weeks', '', [2 * DAY_MS, 45 * DAY_MS], (ms) => world.sleep(ms));
}

/** Mostly after some minutes in which it ails. */
function providerFails(world: World, name: ProviderName, day: number, ms: number): void {
  const { faults, scheduler } = world.options;
  const ailing = faults.strikes('brownout', name, day)
    ? faults.extentMs(5 * MINUTE_MS, 30 * MINUTE_MS, 'brownout', name, day)
    : 0;
  if (ailing > 0) world.ail(name, ailing);
  scheduler.after(ailing, () => {
    if (!world.healed) world.hostDown(name, Math.min(ms, world.untilHealedMs()));
  });
}

function beginningsOf(world: World, day: number) {
  const { faults, scheduler, chance } = world.options;
  return (
    fault: Fault,
    whose: string,
    [least, most]: readonly [least: number, most: number],
    begin: (ms: number) => void,
  ) => {
    if (!faults.strikes(fault, whose, day)) return;
    const luck = chance.of('begins', fault, whose, day);
    const dayMs = scheduler.nowMs;
    const early =
      chargeMs(londonDate(dayMs + DAY_MS / 2)) + luck.between(-900, 60, 'seconds') * SECOND_MS;
    const atMs = luck.is(0.5, 'early') ? early : dayMs + luck.number('any') * DAY_MS;
    const ms = Math.min(faults.extentMs(least, most, fault, whose, day), world.untilHealedMs());
    scheduler.at(atMs, () => {
      if (!world.healed) begin(ms);
    });
  };
}
