import { HttpFailure, type HttpRequest, type HttpResponse } from '@perennial/service';
import type { Chance } from './chance';
import type { Faults } from './faults';
import type { Scheduler } from './scheduler';

/** How an exchange goes wrong on its way. */
export type Mishap =
  | 'connection refused'
  | 'request lost'
  | 'late arrival'
  | 'answer lost'
  | 'connection reset'
  | 'unreadable answer'
  | 'slow answer';

const MISHAPS: readonly Mishap[] = [
  'connection refused',
  'request lost',
  'late arrival',
  'answer lost',
  'connection reset',
  'unreadable answer',
  'slow answer',
];

/** What they sent does not arrive when they have given up, for they do not. */
const FOR_PATIENT = MISHAPS.filter((one) => one !== 'late arrival');

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
}

/** What is told of an exchange while it is under way. */
export interface Watch {
  /** How it goes wrong, where somebody knows already. */
  readonly mishap?: Mishap | null;
  arrived?(): void;
  answered?(response: HttpResponse): void;
}

/** Answers, or never does; rejects where the connection is gone. */
export type Answerer = (request: HttpRequest) => Promise<HttpResponse>;

const SECOND_MS = 1000;
const PAGE = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html>Bad gateway</html>',
};

/** How long people wait for what they cannot know to be lost. */
const PATIENCE_MS = 10 * SECOND_MS;

/**
 * Carries one exchange, well or badly. `occasion` names it among all. Without a limit of time, no
 * request arrives when its sender has given up, and none is at work still.
 */
export function exchange(
  request: HttpRequest,
  answerer: Answerer | null,
  occasion: string,
  { scheduler, chance, faults }: Surroundings,
  watch: Watch = {},
): Promise<HttpResponse> {
  const isPatient = request.timeoutMs === Number.POSITIVE_INFINITY;
  const possible = answerer === null ? [] : isPatient ? FOR_PATIENT : MISHAPS;
  const mishap = watch.mishap ?? possible.find((one) => faults.strikes(one, occasion));
  const timeoutMs = isPatient ? PATIENCE_MS : request.timeoutMs;
  const refused = answerer === null || mishap === 'connection refused';
  if (mishap) scheduler.note('network', `${mishap}: ${occasion}`);
  return new Promise((resolve, reject) => {
    if (refused) {
      scheduler.after(1, () => reject(new HttpFailure('refused', false)));
      return;
    }
    let settled = false;
    const giveUp = () =>
      scheduler.after(timeoutMs, () => !settled && reject(new HttpFailure('timeout', true)));
    if (!isPatient || mishap === 'request lost') giveUp();
    if (mishap === 'request lost') return;
    const quickMs = 1 + 30 * chance.number('out', occasion) ** 3;
    const outMs =
      mishap === 'late arrival'
        ? timeoutMs + chance.between(1, 14, 'late', occasion) * SECOND_MS
        : quickMs;
    const back = (response: HttpResponse) => {
      watch.answered?.(response);
      if (mishap === 'answer lost') {
        if (isPatient) giveUp();
        return;
      }
      const backMs =
        mishap === 'slow answer'
          ? chance.between(1000, timeoutMs - 500, 'slow', occasion)
          : 1 + 30 * chance.number('back', occasion) ** 3;
      scheduler.after(backMs, () => {
        settled = true;
        if (mishap === 'connection reset') reject(new HttpFailure('reset', true));
        else resolve(mishap === 'unreadable answer' ? PAGE : response);
      });
    };
    scheduler.after(outMs, () => {
      watch.arrived?.();
      const lost = (error: unknown) => {
        if (!(error instanceof HttpFailure)) throw error;
        scheduler.after(1, () => reject(new HttpFailure('reset', true)));
      };
      scheduler.spawn(() => answerer(request).then(back, lost));
    });
  });
}
