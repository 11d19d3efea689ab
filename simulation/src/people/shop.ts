import { Created } from './answers';
import { ask } from './asking';
import { CATALOGUE } from './catalogue';
import type { Door } from './door';

/** Before anybody can buy. Gives the products' ids in the catalogue's order. */
export async function openShop(door: Door): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const { name, price } of CATALOGUE) {
    const reply = await ask(door, {
      ...{ service: 'subscriptions', method: 'POST', path: '/products' },
      body: { name, unitPrice: price },
      key: `product-${ids.length}`,
    });
    if (reply.is !== 'accepted') throw new Error(`the shop cannot be opened: ${reply.is}`);
    ids.push(Created.parse(reply.body).id);
  }
  return ids;
}
