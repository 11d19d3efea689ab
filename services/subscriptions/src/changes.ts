import { type AuditEntry, writeAudit } from '@perennial/audit';
import type { Instant } from '@perennial/calendar';
import type { Announcement, Cause, Ids } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { changeOf, isVisible } from './domain/change';
import { isLive, type Live, type Subscription } from './domain/subscription';
import { saveSubscriptions } from './store/subscriptions';

/**
 * Subscriptions that were locked together: decided one by one, written back all at once, each visible
 * change with its audit entry. The only way in which a subscription changes.
 */
export class Changes {
  private readonly current: Map<string, Subscription>;
  private readonly changed = new Set<string>();
  private readonly entries: AuditEntry[] = [];
  private readonly announcements: Announcement[] = [];

  constructor(locked: readonly Subscription[]) {
    this.current = new Map(locked.map((subscription) => [subscription.id, subscription]));
  }

  /** As decided so far. Throws where it is not among the locked: billing knows none but from us. */
  get(id: string): Subscription {
    const subscription = this.current.get(id);
    if (!subscription) throw new Error(`there is no subscription ${id}`);
    return subscription;
  }

  /** Final is final: to what has ended no rule is applied. */
  apply(id: string, rule: (live: Live) => Subscription, cause: Cause, at: Instant): void {
    const before = this.get(id);
    if (!isLive(before)) return;
    const decided = rule(before);
    if (decided === before) return;
    const { after, announce } = changeOf(before, decided, cause, at);
    this.current.set(id, after);
    this.changed.add(id);
    this.announcements.push(...announce);
    if (isVisible(before, after)) this.entries.push(auditOf(before.status, after, cause, at));
  }

  async save(tx: Tx, ids: Ids): Promise<readonly Announcement[]> {
    const changed = [...this.changed].map((id) => this.get(id));
    await saveSubscriptions(changed, tx);
    if (this.entries.length > 0) await writeAudit(this.entries, tx, ids);
    return this.announcements;
  }
}

export function auditOf(
  from: string | null,
  subscription: Subscription,
  cause: Cause,
  at: Instant,
): AuditEntry {
  const entity = { type: 'subscription', id: subscription.id };
  return { entity, from, to: subscription.status, facts: subscription, cause, at };
}
