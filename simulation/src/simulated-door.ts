import type { Instant } from '@perennial/calendar';
import { HttpFailure } from '@perennial/service';
import { giveBack, takenFrom } from './back-office';
import type { Answer, ChargeThere, Door } from './people/door';
import type { ProviderName, ServiceName } from './record';
import { KEYS } from './settings';
import type { World } from './world';

/** The simulated world as one person reaches it. */
export class SimulatedDoor implements Door {
  private count = 0;

  constructor(
    private readonly world: World,
    private readonly name: string,
  ) {}

  now(): Instant {
    return this.world.options.scheduler.now();
  }

  async send(
    service: ServiceName,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answer | null> {
    const { scheduler } = this.world.options;
    this.count += 1;
    const headers = {
      authorization: `Bearer ${KEYS.token}`,
      'x-request-id': `${this.name}-${this.count}`,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const request = {
      ...{ method, url: `http://${service}${path}`, headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: Number.POSITIVE_INFINITY,
    };
    scheduler.note(this.name, `${method} ${path}`, JSON.stringify(body ?? ''));
    const question = `${this.name}: ${method} ${path}`;
    this.world.unanswered.add(question);
    try {
      const response = await this.world.connections.askService(
        service,
        request,
        `${this.name} ${this.count}`,
      );
      scheduler.note(this.name, `is answered ${response.status}`, response.body);
      const text = response.body;
      return { status: response.status, body: text === '' ? null : readJson(text) };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      scheduler.note(this.name, `hears nothing: ${error.code}`);
      return null;
    } finally {
      this.world.unanswered.delete(question);
    }
  }

  pause(ms: number): Promise<void> {
    return this.world.options.scheduler.pause(ms);
  }

  async loseCard(
    provider: ProviderName,
    paymentMethod: string,
    cause: 'expired' | 'cancelled',
  ): Promise<void> {
    const { city, options } = this.world;
    options.scheduler.note(provider, `the card is ${cause}`, paymentMethod);
    city[provider].loseCard({ paymentMethod, cause });
    city.wake(provider);
  }

  async refundInDashboard(
    provider: ProviderName,
    chargeId: string,
    amount: number,
  ): Promise<boolean> {
    const { city } = this.world;
    const isGiven = giveBack(city[provider], chargeId, amount);
    city.wake(provider);
    return isGiven;
  }

  async chargesOf(provider: ProviderName, method: string): Promise<readonly ChargeThere[]> {
    return takenFrom(this.world.city[provider], method);
  }
}

/** Undefined: a page that somebody on the way put there. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
