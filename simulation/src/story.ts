import { kinOf } from './kinship';
import type { RunRecord, ServiceName } from './record';
import type { Happening } from './scheduler';

const MOST_LINES = 80;
const WIDTH = 200;
/** What happens to everybody: told where it falls into the story. */
const FOR_ALL = /^(dies|stands still|starts its life|cannot be reached|is down)/;
const KEPT_IN: readonly ServiceName[] = ['subscriptions', 'billing', 'notifications'];

interface Line {
  readonly at: string;
  readonly text: string;
}

/** The last that happened around these ids, in order: what was said, and what was written down of it. */
export async function storyOf(
  record: RunRecord,
  happenings: readonly Happening[],
  about: readonly string[],
): Promise<string[]> {
  const kin = await kinOf(record, about);
  const said = happenings.filter(({ who, about: text }) => kin.has(who) || mentions(text, kin));
  const lines = [...said.map(lineOf), ...(await written(record, kin))].sort(byTime);
  const last = lines.slice(-MOST_LINES);
  const from = last[0]?.at ?? '';
  const around = happenings.filter(({ at, what }) => at >= from && FOR_ALL.test(what)).map(lineOf);
  return [...last, ...around].sort(byTime).map(({ at, text }) => `${at}  ${text}`);
}

function mentions(text: string, kin: ReadonlySet<string>): boolean {
  for (const id of text.match(/[\w-]+/g) ?? []) if (kin.has(id)) return true;
  return false;
}

function lineOf({ at, who, what, about }: Happening): Line {
  return { at, text: `${who.padEnd(16)} ${what}  ${about}`.slice(0, WIDTH) };
}

/** The audit entries, which say what became of it. */
async function written(record: RunRecord, kin: ReadonlySet<string>): Promise<Line[]> {
  const lines: Line[] = [];
  for (const service of KEPT_IN) {
    const entries = await record.rows(
      service,
      'SELECT at, entity_type, entity_id, from_state, to_state, actor FROM audit_entries ORDER BY position',
    );
    for (const { at, entityType, entityId, fromState, toState, actor } of entries) {
      if (!mentions(String(entityId), kin)) continue;
      const change = `${entityType} ${entityId}: ${fromState ?? 'new'} -> ${toState} by ${actor}`;
      lines.push({ at: String(at), text: `${service.padEnd(16)} * ${change}` });
    }
  }
  return lines;
}

function byTime(one: Line, other: Line): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : 0;
}
