import { parseArgs } from 'node:util';
import { FAULT_NAMES, type Fault } from './faults';

export interface Asked {
  readonly seeds: readonly number[];
  readonly days: number;
  readonly people: readonly number[];
  readonly faults: ReadonlySet<Fault>;
  readonly jobs: number;
  readonly shrinks: boolean;
  readonly lists: boolean;
  readonly stopsAtFirst: boolean;
  /** The last line is for a program. */
  readonly json: boolean;
}

export const USAGE = `usage: npm run simulate -- [options]
  --seeds 1..1000     one or a range
  --fresh 10          so many that nobody has seen, where none are named
  --days 400          that each seed lives, and ten more in which nothing goes wrong
  --customers 25      how many; or which, by number: 3,7 (a single one: 3,)
  --faults all        or none, or some by name: "broker down,deadlock"; or all but some: "all-deadlock"
  --jobs 2            processes at work
  --shrink            makes what breaks as small as it gets
  --list              says what must hold, and what can go wrong
  --stop-at-first     ends with the first seed that breaks
  --json              the last line is for a program
`;

/** Throws, with the reason, what cannot be understood. */
export function parseArguments(args: readonly string[], fresh: () => number, cores: number): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      fresh: { type: 'string', default: '10' },
      days: { type: 'string', default: '400' },
      customers: { type: 'string', default: '25' },
      faults: { type: 'string', default: 'all' },
      jobs: { type: 'string', default: String(cores) },
      shrink: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      'stop-at-first': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    seeds:
      values.seeds === undefined
        ? Array.from({ length: whole('fresh', values.fresh) }, fresh)
        : seedsOf(values.seeds),
    days: whole('days', values.days),
    people: peopleOf(values.customers),
    faults: faultsOf(values.faults),
    jobs: whole('jobs', values.jobs),
    shrinks: values.shrink,
    lists: values.list,
    stopsAtFirst: values['stop-at-first'],
    json: values.json,
  };
}

function seedsOf(text: string): number[] {
  const [, from = text, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const first = whole('seeds', from);
  return Array.from({ length: whole('seeds', to) - first + 1 }, (_, index) => first + index);
}

function peopleOf(text: string): number[] {
  if (!text.includes(',')) {
    return Array.from({ length: whole('customers', text) }, (_, person) => person);
  }
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => (part === '0' ? 0 : whole('customers', part)));
}

function faultsOf(text: string): ReadonlySet<Fault> {
  if (text === 'all') return new Set(FAULT_NAMES);
  if (text === 'none') return new Set();
  const isWithout = text.startsWith('all-');
  const named = text
    .replace(/^all-/, '')
    .split(',')
    .map((name) => name.trim());
  const strange = named.filter((name) => !FAULT_NAMES.some((fault) => fault === name));
  if (strange.length > 0) throw new Error(`there is no fault called ${strange.join(', ')}`);
  return new Set(FAULT_NAMES.filter((fault) => named.includes(fault) !== isWithout));
}

function whole(name: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`--${name} does not take "${text}"`);
  return Number(text);
}
