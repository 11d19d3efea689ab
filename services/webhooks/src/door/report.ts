import type { Logger } from '@perennial/logger';
import type { Outcome, Provider } from '../providers/provider';
import type { RawRequest } from './raw-request';

/** One line an event. Pointers and codes, never what was said. */
export function report(
  outcomes: readonly Outcome[],
  { requestId }: RawRequest,
  { name }: Provider,
  logger: Logger,
): void {
  for (const { became, reading } of outcomes) {
    const facts = { provider: name, type: reading.type, became, requestId };
    if (reading.kind === 'unusable') {
      const problems = reading.problems.map(({ pointer, code }) => `${pointer} ${code}`);
      logger.warn({ ...facts, problems }, 'an authentic event went to quarantine');
    } else if (became === 'conflict') {
      logger.warn(facts, 'an event id came again with other content; the first was kept');
    } else {
      logger.info(facts, 'an event was told');
    }
  }
}
