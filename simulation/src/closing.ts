import { addMs } from '@perennial/calendar';
import { ask } from './people/asking';
import { PROVIDERS } from './record';
import { SimulatedDoor } from './simulated-door';
import type { World } from './world';

const HOUR_MS = 3_600_000;

/** An operator compares everything with the providers' books, as the last thing: what was never told is found so. */
export async function closeTheBooks(world: World): Promise<void> {
  const door = new SimulatedDoor(world, 'the operator');
  const to = addMs(door.now(), -HOUR_MS);
  for (const provider of PROVIDERS) {
    const reply = await ask(door, {
      ...{ service: 'billing', method: 'POST', path: '/reconciliations' },
      body: { provider, from: world.startedAt, to },
      key: `closing-${provider}`,
    });
    if (reply.is !== 'accepted') throw new Error(`the books cannot be closed: ${reply.is}`);
  }
}
