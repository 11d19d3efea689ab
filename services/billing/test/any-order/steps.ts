import { endAtNextDate, endNow, erase, takeBack } from './cancelling';
import { loseCard, switchProvider, takeCard } from './cards';
import { refund, refundInDashboard } from './giving-back';
import { DAY, type Step } from './history';
import type { World } from './world';

const LONGEST_WAIT = 40 * DAY;

export function takeStep(world: World, step: Step): void {
  world.note(() => `- ${JSON.stringify(step)}`);
  switch (step.do) {
    case 'wait':
      world.passes(world.now + step.ms);
      break;
    case 'wait until something is due':
      untilDue(world);
      break;
    case 'be down':
      down(world, step);
      break;
    case 'run':
      world.runs();
      break;
    case 'lose the provider':
      world.network.breaks(world.now + step.ms, step.fate);
      break;
    case 'lose the card':
      loseCard(world, step);
      break;
    case 'take a card':
      takeCard(world, step.old);
      break;
    case 'switch the provider':
      switchProvider(world);
      break;
    case 'end now':
      endNow(world, step);
      break;
    case 'end at the next date':
      endAtNextDate(world, step);
      break;
    case 'take the end back':
      takeBack(world, step.which);
      break;
    case 'erase':
      erase(world);
      break;
    case 'refund':
      refund(world, step.part);
      break;
    case 'refund in the dashboard':
      refundInDashboard(world, step);
      break;
    case 'tell again':
      world.network.tellsAgain(step.which, world.now);
      break;
  }
}

/** As long as to the next billing date, and a little. */
function untilDue(world: World): void {
  world.passes(Math.min(Math.max(world.dueAt, world.now), world.now + LONGEST_WAIT));
}

function down(world: World, { ms, deaf }: Extract<Step, { do: 'be down' }>): void {
  if (deaf) world.isDown(world.now + ms);
  else world.passes(world.now + ms, { works: false });
}
