import type { ProviderSheet } from '../../src/domain/moment';
import type { Lie } from './bench';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

interface Told {
  /** Null: of this provider it would be true. */
  of(sheet: ProviderSheet): Partial<ProviderSheet> | null;
  /** The check that must find it out. */
  readonly foundOutBy: string;
}

const lifetime = 'a key lives exactly as long as declared';
const amounts = 'amounts are written as declared, and move exactly, whatever the currency';
const references = 'references are taken up to the declared length, and no longer';
const rate = 'as many calls as declared are taken, and none is turned away';
const paced = 'no more calls begin than declared';

/** What a sheet may claim that is not so, and what it would cost: a second charge, or none. */
export const lies: Readonly<Record<string, Told>> = {
  'keys live for ever': {
    of: ({ keyLifetimeMs }) => (keyLifetimeMs === null ? null : { keyLifetimeMs: null }),
    foundOutBy: lifetime,
  },
  'keys live an hour longer': {
    of: ({ keyLifetimeMs: life }) => (life === null ? null : { keyLifetimeMs: life + HOUR_MS }),
    foundOutBy: lifetime,
  },
  'keys live an hour less': {
    of: ({ keyLifetimeMs: life }) => ({ keyLifetimeMs: (life ?? YEAR_MS) - HOUR_MS }),
    foundOutBy: lifetime,
  },
  'server errors are treated the other way': {
    of: ({ keepsServerErrors }) => ({ keepsServerErrors: !keepsServerErrors }),
    foundOutBy: 'a server error is kept under its key, or not, as declared',
  },
  'enquiries never lag': {
    of: ({ enquiryLagMs }) => (enquiryLagMs === 0 ? null : { enquiryLagMs: 0 }),
    foundOutBy: 'a charge is found when the declared lag is over',
  },
  'enquiries lag a second less': {
    of: ({ enquiryLagMs: ms }) => (ms === 0 ? null : { enquiryLagMs: ms - 1_000 }),
    foundOutBy: 'a refund is found when the declared lag is over',
  },
  'more calls a second are taken': {
    of: ({ callsPerSecond: calls }) => (calls === null ? null : { callsPerSecond: calls + 1 }),
    foundOutBy: rate,
  },
  'calls are paced at another rate': {
    of: ({ callsPerSecond: calls }) => ({ callsPerSecond: calls === null ? 10 : calls * 2 }),
    foundOutBy: paced,
  },
  'amounts are written the other way': {
    of: ({ amounts: form }) => ({
      amounts: form === 'decimals' ? 'minor units' : 'decimals',
    }),
    foundOutBy: amounts,
  },
  'references may be longer': {
    of: ({ referenceLength }) => ({ referenceLength: referenceLength + 1 }),
    foundOutBy: references,
  },
  'references must be shorter': {
    of: ({ referenceLength }) => ({ referenceLength: referenceLength - 1 }),
    foundOutBy: references,
  },
};

export function lieOf(told: Told): Lie {
  return (honest) => ({ ...honest, sheet: { ...honest.sheet, ...told.of(honest.sheet) } });
}
