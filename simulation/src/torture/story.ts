import type { RunRecord, ServiceName } from '../record';

const MOST_LINES = 60;

interface Line {
  readonly at: string;
  readonly text: string;
}

/** All that is known of the customers whom these ids lead to, in order; the last of it where it is much. */
export async function storyOf(record: RunRecord, about: readonly string[]): Promise<string[]> {
  const ids = await related(record, about);
  const isAbout = (text: string) => [...ids].some((id) => text.includes(id));
  const lines: Line[] = [
    ...record.deeds.map((deed) => ({ at: 'at' in deed ? deed.at : deed.to, text: said(deed) })),
    ...record.calls.map(({ at, provider, kind, body, reference, arrived, answer, heard }) => ({
      at,
      text: `${provider} is asked: ${kind} ${reference} ${body} → ${
        arrived ? (answer ?? 'no answer') : 'did not arrive'
      }${heard ? '' : ' (not heard)'}`,
    })),
    ...record.mails.map(({ at, template, key, to }) => ({
      at,
      text: `mail ${template} ${key} ${to}`,
    })),
    ...(await audited(record, 'billing')),
    ...(await audited(record, 'subscriptions')),
  ];
  return lines
    .filter(({ text }) => isAbout(text))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
    .slice(-MOST_LINES)
    .map(({ at, text }) => `${at}  ${text.length > 400 ? `${text.slice(0, 400)}…` : text}`);
}

async function audited(record: RunRecord, service: ServiceName): Promise<Line[]> {
  const rows = await record.rows(service, 'SELECT * FROM audit_entries ORDER BY position');
  return rows.map((row) => ({
    at: String(row['at']),
    text: `${service}: ${row['entityType']} ${row['entityId']} ${row['fromState']} → ${row['toState']} by ${row['actor']} ${row['triggerRef']} ${row['facts']}`,
  }));
}

const LINKS =
  'SELECT p.customer_id, p.id, a.id AS attempt_id, a.reference, a.provider_reference FROM payments p LEFT JOIN attempts a ON a.payment_id = p.id';

/** From any of its ids to the customer, and from there to all of theirs. */
async function related(record: RunRecord, about: readonly string[]): Promise<ReadonlySet<string>> {
  const payments = await record.rows('billing', LINKS);
  const schedules = await record.rows(
    'billing',
    'SELECT customer_id, subscription_id FROM schedules',
  );
  const refunds = await record.rows(
    'billing',
    'SELECT p.customer_id, r.id, r.reference, r.provider_reference FROM refunds r JOIN payments p ON p.id = r.payment_id',
  );
  const families = [...payments, ...schedules, ...refunds].map((row) =>
    Object.values(row).filter((value) => typeof value === 'string'),
  );
  const ids = new Set(about.filter((id) => id !== ''));
  const customers = new Set(
    families.flatMap((family) => (family.some((id) => ids.has(id)) ? family.slice(0, 1) : [])),
  );
  for (const family of families) {
    if (customers.has(family[0] ?? '')) for (const id of family) ids.add(id);
  }
  return ids;
}

function said(deed: RunRecord['deeds'][number]): string {
  const { kind, person, ...facts } = deed;
  return `person ${person}: ${kind} ${JSON.stringify(facts)}`;
}
