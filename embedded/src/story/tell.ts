import { instantOfMs, msOf } from '@perennial/calendar';
import type { Plant } from '../arguments';
import type { EmbeddedSystem } from '../system';
import type { Client } from './client';
import { Script, type ToldSubscription } from './script';

const DAY_MS = 86_400_000;

export interface StoryOptions {
  readonly customers: number;
  readonly days: number;
  readonly seed: number;
  readonly plant: Plant | null;
}

/** Lives through the days, from one thing that happens to the next; `showDay` is told of each day begun. */
export async function tellStory(
  system: EmbeddedSystem,
  client: Client,
  options: StoryOptions,
  showDay: (day: number) => void,
): Promise<readonly ToldSubscription[]> {
  const startMs = msOf(system.clock.now());
  const endMs = startMs + options.days * DAY_MS;
  const script = new Script(client, { startMs, endMs }, options);
  let day = -1;
  const moveTo = async (ms: number) => {
    for (let next = dayOf(system) + 1; startMs + next * DAY_MS <= ms; next += 1) {
      await system.timeline.advance(instantOfMs(startMs + next * DAY_MS));
      if (next === Math.floor(options.days / 2)) await plant(system, script.told, options.plant);
      show();
    }
    await system.timeline.advance(instantOfMs(Math.max(ms, msOf(system.clock.now()))));
  };
  const dayOf = ({ clock }: EmbeddedSystem) => Math.floor((msOf(clock.now()) - startMs) / DAY_MS);
  const show = () => {
    if (dayOf(system) === day) return;
    day = dayOf(system);
    showDay(day);
  };
  for (const { at, play } of script.scenes()) {
    await moveTo(msOf(at));
    await play();
    show();
  }
  await moveTo(endMs);
  return script.told;
}

/** A fault that the comparison has to find. */
async function plant(
  { simulators, databases }: EmbeddedSystem,
  told: readonly ToldSubscription[],
  fault: Plant | null,
): Promise<void> {
  if (fault === 'second-charge') simulators.aurora?.slipSecondCharge();
  if (fault !== 'lost-cycle') return;
  const victim = told.find(
    ({ person, planned }) =>
      planned.interval === 'monthly' && person.card === 'pays' && person.fate === 'nothing',
  );
  await databases.billing.transaction((tx) =>
    tx.execute(
      `UPDATE schedules SET next_cycle = next_cycle + 1 WHERE subscription_id = :id AND state = 'live'`,
      { id: victim?.id },
    ),
  );
}
