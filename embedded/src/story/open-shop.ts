import { z } from 'zod';
import type { Client } from './client';

const Created = z.object({ id: z.string() });
const Count = z.object({ data: z.array(z.object({ status: z.string() })) });

const LOOKED_FOR_MS = 60_000;

/** A shop's first minute in real time: customers who are charged on the day of their purchase. */
export async function openShop(
  client: Client,
  customers: number,
  say: (line: string) => void,
): Promise<void> {
  const product = { name: 'Cleansing balm', unitPrice: { amountMinor: 1250, currency: 'GBP' } };
  const { id: productId } = await client.post('subscriptions', '/products', product, Created);
  for (let number = 0; number < customers; number += 1) {
    const [provider, prefix] = number % 2 === 0 ? ['aurora', 'pm'] : ['borealis', 'ct'];
    const card = number % 10 === 9 ? 'decline_insufficient_funds' : 'ok';
    const customer = {
      ...{ firstName: `Given${number}`, lastName: `Family${number}`, provider },
      email: `person${number}@story.example`,
      paymentMethod: `${prefix}_${card}_${number}`,
    };
    const { id: customerId } = await client.post('subscriptions', '/customers', customer, Created);
    const order = {
      customerId,
      productId,
      quantity: 1,
      interval: 'monthly',
      firstCharge: 'purchase',
    };
    await client.send('POST', 'subscriptions', '/subscriptions', order);
  }
  say(
    `${customers} customers have subscribed; those who bought after the charge time are charged at once`,
  );
  const end = Date.now() + LOOKED_FOR_MS;
  for (let settled = 0; settled < customers && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { data } = await client.get('billing', '/payments?limit=200', Count);
    settled = data.filter(({ status }) => status === 'succeeded' || status === 'retrying').length;
  }
  const { data } = await client.get('billing', '/payments?limit=200', Count);
  const paid = data.filter(({ status }) => status === 'succeeded').length;
  say(`${data.length} payments: ${paid} succeeded, ${data.length - paid} not yet`);
}
