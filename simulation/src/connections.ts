import {
  type HttpClient,
  HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '@perennial/service';
import type { Post } from '@perennial/simulators';
import { answerBy } from './answer-by';
import type { Chance } from './chance';
import type { City } from './city';
import type { Faults } from './faults';
import { personOf } from './moods';
import { exchange } from './network';
import { readCall } from './read-call';
import { type Call, PROVIDERS, type ProviderName, SERVICES, type ServiceName } from './record';
import type { Replica } from './replica';
import type { Scheduler } from './scheduler';
import { failsWithoutCause } from './steady';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  /** Where what is asked of the providers is written down. */
  readonly calls: Call[];
  city(): City;
  replicasOf(service: ServiceName): readonly Replica[];
  isDown(host: string): boolean;
  /** It is there, and hardly works. */
  ails(host: string): boolean;
}

const AILING = ['request lost', 'overloaded', 'overloaded', 'none'] as const;

/** Who reaches whom, and by what name: hosts are called as what runs on them. */
export class Connections {
  private readonly occasions = new Map<string, number>();

  constructor(private readonly world: Surroundings) {}

  /** Tells this occasion from all others that are called the same. */
  private occasion(name: string): string {
    const count = (this.occasions.get(name) ?? 0) + 1;
    this.occasions.set(name, count);
    return `${name} #${count}`;
  }

  httpOf(replica: Replica): HttpClient {
    const { scheduler } = this.world;
    return {
      send: async (request) => {
        const { hostname, pathname } = new URL(request.url);
        const about = `${request.method} ${request.url} ${request.body ?? ''}`;
        const name = `${replica.service} call to ${hostname}`;
        const beganMs = scheduler.nowMs;
        await replica.border({ name, side: 'before' }, 'killed before send', about);
        // As the real client does.
        const { connectTimeoutMs = request.timeoutMs } = request;
        if (scheduler.nowMs - beganMs >= connectTimeoutMs) throw new HttpFailure('timeout', false);
        const occasion = this.occasion(
          `${hostname} ${personOf(about)} ${request.method} ${plain(pathname)}`,
        );
        const answer = this.carryOut(request, hostname, occasion);
        await replica.border({ name, side: 'after' }, 'killed before answer', about);
        const response = await answer;
        scheduler.note(replica.name, `is answered ${response.status}`, response.body);
        return response;
      },
    };
  }

  /** From a service to whoever is called. */
  private carryOut(
    request: HttpRequest,
    hostname: string,
    occasion: string,
  ): Promise<HttpResponse> {
    const answer = this.exchangeWith(request, hostname, occasion);
    // Whoever has died does not hear what went wrong.
    answer.catch(() => {});
    return answer;
  }

  private exchangeWith(
    request: HttpRequest,
    hostname: string,
    occasion: string,
  ): Promise<HttpResponse> {
    const isDown = this.world.isDown(hostname);
    const provider = PROVIDERS.find((name) => name === hostname);
    if (provider) return this.callProvider(provider, request, occasion, isDown);
    if (hostname === 'crm') {
      const ask = (asked: HttpRequest) => this.world.city().askCrm(asked, occasion);
      return exchange(request, isDown ? null : ask, occasion, this.world);
    }
    return this.askService(hostname, request, occasion);
  }

  private callProvider(
    provider: ProviderName,
    request: HttpRequest,
    occasion: string,
    isDown: boolean,
  ): Promise<HttpResponse> {
    const { scheduler } = this.world;
    const { method, url, body = '', headers = {} } = request;
    const { pathname, search } = new URL(url);
    const key = headers['Idempotency-Key'];
    const asked = {
      method,
      url: pathname + search,
      headers: key ? { 'idempotency-key': key } : {},
    };
    const call = readCall(provider, asked, body, scheduler.now());
    if (call) this.world.calls.push(call);
    const ails = this.world.ails(provider);
    const ailing = ails ? this.world.chance.pick(AILING, 'ails', occasion) : 'none';
    const ask = async (arriving: HttpRequest) =>
      ailing === 'overloaded'
        ? { status: 503, headers: {}, body: 'overloaded' }
        : this.world.city().askProvider(provider, arriving, occasion);
    return exchange(request, isDown ? null : ask, occasion, this.world, {
      mishap: ailing === 'request lost' ? ailing : null,
      arrived: () => {
        if (call) call.arrived = true;
        scheduler.note(provider, `gets ${method} ${pathname}${search}`, body);
      },
      answered: ({ status, body: said }) => {
        if (call) call.answer = `${status} ${said}`;
        scheduler.note(provider, `answers ${status}`, `${call?.reference ?? ''} ${said}`);
      },
    }).then((response) => {
      if (call) call.heard = call.answer === `${response.status} ${response.body}`;
      return response;
    });
  }

  /** Of whichever replica luck has it. */
  askService(hostname: string, request: HttpRequest, occasion: string): Promise<HttpResponse> {
    const service = SERVICES.find((name) => name === hostname);
    if (!service) throw new Error(`there is no host ${hostname}`);
    const there = this.world.replicasOf(service).filter(({ isGivenUp }) => !isGivenUp);
    const replica =
      there.length > 0 ? this.world.chance.pick(there, 'balance', occasion) : undefined;
    const answer = replica && ((asked: HttpRequest) => this.answerOf(replica, asked));
    return exchange(request, answer ?? null, occasion, this.world);
  }

  /** A process that dies meanwhile takes the connection with it. */
  private answerOf(replica: Replica, request: HttpRequest): Promise<HttpResponse> {
    const { scheduler } = this.world;
    return new Promise((resolve, reject) => {
      const { assembled } = replica;
      if (!assembled || !replica.isAlive) {
        reject(new HttpFailure('reset', false));
        return;
      }
      const end = replica.converse(() => reject(new HttpFailure('reset', true)));
      const began = scheduler.steps;
      scheduler.spawn(async () => {
        const response = await answerBy(assembled.app, request);
        end();
        if (response.status === 500 && replica.struckAtStep < began)
          throw failsWithoutCause(`${request.method} ${request.url}`, response.body);
        resolve(response);
      });
    });
  }

  /** How a provider's events come to our door. */
  postBy(provider: ProviderName): Post {
    return async (url, headers, body) => {
      const { faults, scheduler } = this.world;
      const occasion = this.occasion(
        `${provider} tells ${personOf(body)} ${new URL(url).pathname}`,
      );
      if (faults.strikes('webhook late', occasion)) throw new HttpFailure('refused', false);
      if (faults.strikes('webhook slow', occasion))
        await scheduler.pause(faults.extentMs(SECOND_MS, 4 * MINUTE_MS, occasion));
      scheduler.note(provider, `tells at ${new URL(url).pathname}`, body);
      const request = {
        ...{ method: 'POST', url, body, timeoutMs: 10 * SECOND_MS },
        headers: { 'content-type': 'application/json', ...headers },
      };
      const { status, body: text } = await this.askService('webhooks', request, occasion);
      scheduler.note(provider, `is answered ${status} at the door`, body);
      if (faults.strikes('acknowledgement lost', occasion)) throw new HttpFailure('timeout', true);
      return { status, text };
    };
  }
}

/** A path without its ids. */
function plain(path: string): string {
  return path.replace(/[0-9a-f-]{36}|(pay_|T)\d+/g, ':id');
}
