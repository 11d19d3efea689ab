/** Ports of the parts, counted from PORT_BASE. */
const OFFSETS = {
  webhooks: 1,
  billing: 2,
  subscriptions: 3,
  notifications: 4,
  aurora: 101,
  borealis: 102,
  crm: 103,
} as const;

export type Part = keyof typeof OFFSETS;
export type Addresses = Readonly<Record<Part, { readonly port: number; readonly url: string }>>;

export function addressesFrom(portBase: number): Addresses {
  const entries = Object.entries(OFFSETS).map(([part, offset]) => {
    const port = portBase + offset;
    return [part, { port, url: `http://127.0.0.1:${port}` }];
  });
  return Object.fromEntries(entries) as Addresses;
}
