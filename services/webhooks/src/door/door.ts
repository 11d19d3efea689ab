import type { IncomingMessage, ServerResponse } from 'node:http';
import { newCause } from '@perennial/messaging';
import { type Announce, type Ports, requestIdOf } from '@perennial/service';
import type { Provider } from '../providers/provider';
import { type Answer, send } from './answer';
import { gate } from './gate';
import { interpret } from './interpret';
import { keep } from './keep';
import { PerMinute } from './per-minute';
import type { RawRequest } from './raw-request';
import { readBody } from './read-body';
import { notAuthentic, tooLong, tooManyFailures, unavailable } from './refusals';
import { report } from './report';

const FAILURES_PER_MINUTE = 300;

interface DoorPorts extends Pick<Ports, 'db' | 'clock' | 'ids' | 'logger'> {
  readonly announce: Announce;
}

/** Where providers knock. The order of the steps is part of the rules: nothing is parsed unauthenticated. */
export class Door {
  readonly #providers: ReadonlyMap<string, Provider>;
  readonly #failures: PerMinute;

  constructor(
    providers: readonly Provider[],
    private readonly ports: DoorPorts,
  ) {
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
    this.#failures = new PerMinute(ports.clock, FAILURES_PER_MINUTE);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = requestIdOf(response);
    try {
      const answer = await this.#receive(request, requestId);
      if (answer !== 'gone') send(response, answer);
    } catch (error) {
      this.ports.logger.error({ err: error, requestId }, 'a delivery could not be stored');
      send(response, unavailable(requestId));
    }
  }

  async #receive(request: IncomingMessage, requestId: string): Promise<Answer | 'gone'> {
    const passed = gate(request, this.#providers, requestId);
    if ('refusal' in passed) return passed.refusal;
    const body = await readBody(request);
    if (body === 'gone') return 'gone';
    if (body === 'too-long') return tooLong(requestId);
    const { provider, peer, call } = passed;
    const headers = request.headersDistinct;
    const raw = { headers, body, peer, requestId, receivedAt: this.ports.clock.now() };
    const answer = call === null ? await this.#deliver(raw, provider) : await call(raw);
    return answer ?? this.#countFailure(raw);
  }

  async #deliver(request: RawRequest, provider: Provider): Promise<Answer | null> {
    const authentication = await provider.authenticate(request);
    if (!authentication.ok) return null;
    const { db, ids, logger } = this.ports;
    const interpretation = interpret(request.body, authentication.eventId, provider);
    const cause = newCause(`provider:${provider.name}`, `request:${request.requestId}`, ids);
    const told = { interpretation, request, provider, cause };
    const outcomes = await db.transaction((tx) => keep(told, this.ports, tx));
    report(outcomes, request, provider, logger);
    return provider.acknowledge(outcomes, { request, content: interpretation.content });
  }

  /** Authentic traffic never comes here, so it is never limited. */
  #countFailure({ peer, requestId }: RawRequest): Answer {
    const waitS = this.#failures.count(peer);
    return waitS === null ? notAuthentic(requestId) : tooManyFailures(requestId, waitS);
  }
}
