import http from 'node:http';
import type { Clock, Instant } from '@perennial/calendar';
import type { Moods } from '@perennial/simulators';
import {
  type Aurora,
  type Borealis,
  type Crm,
  createAurora,
  createBorealis,
  createCrm,
  poster,
} from '@perennial/simulators';
import { type Acknowledged, noting } from '../acknowledged';
import { booksOf, mailOf } from '../back-office';
import type { Chance } from '../chance';
import { type Books, type Call, type Mail, PROVIDERS, type ProviderName } from '../record';
import { KEYS } from '../settings';
import { ProviderLine } from './provider-line';
import { sentAt } from './sent-at';

const TICK_MS = 100;
const WEBHOOKS_AT_ONCE = 16;

/** What does not belong to the system: both providers, each behind its line, and the CRM. */
export class Outside {
  readonly lines: Readonly<Record<ProviderName, ProviderLine>>;
  readonly crm: Crm = createCrm({ apiKey: KEYS.crmApiKey });
  readonly aurora: Aurora;
  readonly borealis: Borealis;
  readonly acknowledged: Acknowledged[] = [];
  private readonly poster = poster(WEBHOOKS_AT_ONCE);
  private readonly takenAt = new Map<string, Instant>();
  private ticks: NodeJS.Timeout | undefined;
  private crmServer: http.Server | undefined;

  constructor(
    private readonly clock: Clock,
    webhooksUrl: string,
    moods?: Moods,
  ) {
    this.lines = {
      aurora: new ProviderLine('aurora', clock),
      borealis: new ProviderLine('borealis', clock),
    };
    const mood = moods ? { moods } : {};
    const post = (provider: ProviderName) =>
      noting(this.poster.post, provider, () => clock.now(), this.acknowledged);
    this.aurora = createAurora({
      ...{ clock, apiKey: KEYS.auroraApiKey, post: post('aurora'), ...mood },
      webhook: { url: `${webhooksUrl}/webhooks/aurora`, secret: KEYS.auroraWebhookSecret },
    });
    this.borealis = createBorealis({
      ...{ clock, partnerCode: KEYS.borealisPartnerCode, apiSecret: KEYS.borealisApiSecret },
      webhook: { url: `${webhooksUrl}/webhooks/borealis`, secret: KEYS.borealisWebhookSecret },
      ...{ post: post('borealis'), ...mood },
    });
  }

  /** Answers where each is to be found. */
  async open(): Promise<Readonly<Record<ProviderName | 'crm', string>>> {
    for (const name of PROVIDERS) this.lines[name].leadTo(await this[name].listen(0));
    this.ticks = setInterval(() => {
      for (const name of PROVIDERS) void this[name].timer.run();
    }, TICK_MS);
    return {
      aurora: await this.lines.aurora.listen(),
      borealis: await this.lines.borealis.listen(),
      crm: await this.openCrm(),
    };
  }

  /** Faults of their own, drawn anew from time to time; none: they are well. */
  moodSwing(chance: Chance | null): void {
    const rate = (most: number, name: string) => (chance ? most * chance.number(name) : 0);
    const seed = chance?.between(0, 2 ** 31, 'seed') ?? 0;
    const both = {
      ...{ hang: rate(0.1, 'hang'), reset_after: rate(0.15, 'reset'), html: rate(0.1, 'html') },
      ...{
        '500_after': rate(0.15, '500'),
        '503_before': rate(0.15, '503'),
        '429': rate(0.1, '429'),
      },
      ...{ truncated: rate(0.1, 'truncated'), no_webhook: rate(0.3, 'no webhook') },
      ...{ dup_webhook: rate(0.2, 'dup'), webhook_first: rate(0.2, 'first') },
    };
    this.aurora.setFaults(seed, both);
    this.borealis.setFaults(seed + 1, {
      ...both,
      ...{ session_loss: rate(0.1, 'session'), '96': rate(0.1, '96') },
      ...{ '96_before': rate(0.1, '96 before'), unknown_st: rate(0.1, 'unknown') },
    });
    this.crm.setFaults(seed + 2, { '429': rate(0.2, 'crm 429'), '500': rate(0.2, 'crm 500') });
  }

  get calls(): readonly Call[] {
    const all = PROVIDERS.flatMap((name) => this.lines[name].calls);
    return all.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  }

  get books(): Readonly<Record<ProviderName, Books>> {
    return { aurora: booksOf(this.aurora), borealis: booksOf(this.borealis) };
  }

  get mails(): readonly Mail[] {
    return this.crm
      .sent()
      .map((sent) => mailOf(sent, this.takenAt.get(sent.key) ?? this.clock.now()));
  }

  async close(): Promise<void> {
    clearInterval(this.ticks);
    this.poster.close();
    for (const name of PROVIDERS) {
      await this.lines[name].close();
      await this[name].stop();
    }
    const server = this.crmServer;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** The CRM itself has no clock. */
  private async openCrm(): Promise<string> {
    const server = http.createServer((request, response) => {
      const key = String(request.headers['idempotency-key']);
      const taken = () => {
        if (response.statusCode === 202 && !this.takenAt.has(key)) {
          this.takenAt.set(key, sentAt(request, this.clock.now()));
        }
      };
      response.once('finish', taken).once('close', taken);
      this.crm.app(request, response);
    });
    this.crmServer = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }
}
