import { checkAtRest } from './at-rest';
import { begin } from './begin';
import { chargesMade, endOf } from './ends-alike';
import type { History } from './history';
import type { Sheets } from './model-provider';
import { NEVER } from './network';
import { takeStep } from './steps';
import { Broken, broken } from './told';
import type { World } from './world';

interface Scene {
  readonly home: string;
  readonly sheets: Sheets;
  /** Whether what happens is written down. */
  readonly traced?: boolean;
}

/**
 * Carries a history out and lets everything come to rest: as it comes, and twice with all that is under
 * way heard at once, in two orders. Returns how it ends, or throws the rule that was broken.
 */
export function carryOut(
  history: History,
  { home, sheets, traced = false }: Scene,
): readonly World[] {
  const world = begin(history, home, sheets, traced);
  telling(world, 'while it happens', () => {
    if (!history.early) world.passes(world.dueAt);
    for (const step of history.steps) takeStep(world, step);
  });
  const [inOrder, reordered] = [world.fork(), world.fork()];
  rest(world, 'as it comes', () => undefined);
  if (inOrder.network.nextAt === NEVER) return [world];
  let allFinal = false;
  rest(inOrder, 'at once', () => {
    allFinal = inOrder.hearsAtOnce([], { twice: false });
  });
  rest(reordered, 'at once, in another order', () => {
    reordered.hearsAtOnce(history.order, { twice: true });
  });
  telling(reordered, 'in the end', () => {
    // Asked at other times, other attempts were made: then the provider has said other things.
    if (!allFinal && chargesMade(inOrder) !== chargesMade(reordered)) return;
    if (endOf(inOrder) === endOf(reordered)) return;
    reordered.trace.push('', 'in order:', ...inOrder.trace);
    broken(`the order does not matter: ${endOf(inOrder)}, or ${endOf(reordered)}`);
  });
  return [world, inOrder, reordered];
}

function rest(world: World, how: string, hear: () => void): void {
  telling(world, how, () => {
    world.note(() => '- the faults stop');
    hear();
    world.comesToRest();
    checkAtRest(world);
  });
}

/** A rule that is broken is told with what has happened. */
function telling(world: World, when: string, happen: () => void): void {
  try {
    happen();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Broken([`${error.message} (${when})`, ...shortened(world.trace)].join('\n'));
  }
}

const MOST_LINES = 80;

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES / 2), '…', ...lines.slice(-MOST_LINES / 2)];
}
