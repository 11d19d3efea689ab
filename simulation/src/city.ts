import type { HttpRequest, HttpResponse } from '@perennial/service';
import {
  type Aurora,
  type Borealis,
  type Crm,
  createAurora,
  createBorealis,
  createCrm,
  type Moods,
  type Post,
} from '@perennial/simulators';
import { answerBy } from './answer-by';
import { booksOf, mailOf } from './back-office';
import type { Chance } from './chance';
import type { Faults } from './faults';
import type { Books, Mail, ProviderName } from './record';
import type { Scheduler } from './scheduler';
import { KEYS } from './settings';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly moods: Moods;
  /** Takes a webhook to the services. */
  post(provider: ProviderName): Post;
}

/** What strikes a call at a provider itself, once it has arrived. */
const STRIKES = [
  ['kept server error', '500_after'],
  ['refused before work', '503_before'],
  ['too many requests', '429'],
  ['webhook lost', 'no_webhook'],
  ['webhook repeated', 'dup_webhook'],
  ['webhook first', 'webhook_first'],
] as const;
const BANK_STRIKES = [
  ...STRIKES,
  ['session lost', 'session_loss'],
  ['malfunction', '96'],
  ['malfunction', 'unknown_st'],
] as const;

/** What does not belong to the system: both providers and the CRM. */
export class City {
  readonly aurora: Aurora;
  readonly borealis: Borealis;
  readonly crm: Crm = createCrm({ apiKey: KEYS.crmApiKey });
  readonly mails: Mail[] = [];
  /** Changes with the books. */
  version = 0;
  private occasion = '';
  private readonly plannedMs = new Map<ProviderName, number>();

  constructor(private readonly world: Surroundings) {
    const { scheduler, moods, faults } = world;
    const clock = scheduler.clock();
    this.aurora = createAurora({
      ...{ clock, moods, apiKey: KEYS.auroraApiKey, post: world.post('aurora') },
      webhook: { url: 'http://webhooks/webhooks/aurora', secret: KEYS.auroraWebhookSecret },
    });
    this.borealis = createBorealis({
      ...{ clock, moods, partnerCode: KEYS.borealisPartnerCode },
      ...{ apiSecret: KEYS.borealisApiSecret, post: world.post('borealis') },
      webhook: { url: 'http://webhooks/webhooks/borealis', secret: KEYS.borealisWebhookSecret },
    });
    const strikes = <W>(table: readonly (readonly [Parameters<Faults['strikes']>[0], W])[]) =>
      new Set(
        table
          .filter(([fault, word]) => faults.strikes(fault, this.occasion, String(word)))
          .map(([, word]) => word),
      );
    this.aurora.strikeBy(() => strikes(STRIKES));
    this.borealis.strikeBy(() => strikes(BANK_STRIKES));
  }

  /** `occasion` names the call among all. */
  async askProvider(
    name: ProviderName,
    request: HttpRequest,
    occasion: string,
  ): Promise<HttpResponse> {
    this.occasion = occasion;
    this.version += 1;
    const answer = answerBy(this[name].app, request);
    answer.then(
      () => this.wake(name),
      () => {},
    );
    return answer;
  }

  async askCrm(request: HttpRequest, occasion: string): Promise<HttpResponse> {
    const { faults, scheduler } = this.world;
    if (faults.strikes('crm trouble', occasion)) {
      const status = this.world.chance.pick([429, 500], 'crm trouble', occasion);
      return { status, headers: {}, body: 'oops' };
    }
    const before = this.crm.sent().length;
    const answer = await answerBy(this.crm.app, request);
    const [sent] = this.crm.sent().slice(before);
    if (sent) this.mails.push(mailOf(sent, scheduler.now()));
    return faults.strikes('crm trouble', occasion, 'after')
      ? { status: 500, headers: {}, body: 'oops' }
      : answer;
  }

  /** Its events go out, and what it left open is decided, each in its time. */
  wake(name: ProviderName): void {
    const { scheduler } = this.world;
    scheduler.spawn(async () => {
      const at = await this[name].timer.nextAt();
      if (at === null) return;
      const ms = Math.max(scheduler.nowMs, Date.parse(at));
      const planned = this.plannedMs.get(name);
      if (planned !== undefined && planned <= ms && planned >= scheduler.nowMs) return;
      this.plannedMs.set(name, ms);
      scheduler.at(ms, () => {
        if (this.plannedMs.get(name) !== ms) return;
        this.plannedMs.delete(name);
        this.version += 1;
        scheduler.spawn(() => this[name].timer.run().then(() => this.wake(name)));
        // What it does next does not wait for an event that is on its way.
        this.wakeLater(name);
      });
    });
  }

  private wakeLater(name: ProviderName): void {
    this.world.scheduler.after(1, () => this.wake(name));
  }

  get books(): Readonly<Record<ProviderName, Books>> {
    return { aurora: booksOf(this.aurora), borealis: booksOf(this.borealis) };
  }
}
