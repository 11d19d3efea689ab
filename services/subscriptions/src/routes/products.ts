import { Money } from '@perennial/contracts';
import { notFound, Page, page, pageOf, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { findProduct, insertProduct, products } from '../store/products';
import { Id, ProductDocument } from './documents';

const NewProduct = z.strictObject({
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2000).nullable().default(null),
  unitPrice: Money.extend({ amountMinor: z.int().positive() }),
});

export function addProduct({ ids }: Context) {
  return route({
    method: 'post',
    path: '/products',
    summary: 'Add a product with its unit price',
    scopes: ['subscriptions'],
    body: NewProduct,
    answers: { 201: ProductDocument },
    handle: async ({ body, now }, tx) => {
      const product = { id: ids(), ...body, createdAt: now };
      await insertProduct(product, tx);
      return { status: 201, body: product };
    },
  });
}

export function readProduct() {
  return route({
    method: 'get',
    path: '/products/:id',
    summary: 'One product',
    scopes: ['subscriptions'],
    params: Id,
    answers: { 200: ProductDocument },
    handle: async ({ params }, tx) => {
      const product = await findProduct(params.id, tx);
      if (!product) throw notFound('product');
      return { status: 200, body: product };
    },
  });
}

export function listProducts() {
  return route({
    method: 'get',
    path: '/products',
    summary: 'All products, newest first',
    scopes: ['subscriptions'],
    query: Page,
    answers: { 200: pageOf(ProductDocument) },
    handle: async ({ query: { limit, cursor } }, tx) => {
      const rows = await products({ limit: limit + 1, cursor }, tx);
      return { status: 200, body: page(rows, limit, ({ id }) => id) };
    },
  });
}
