import { type Deed, NO_ANSWER, type Span } from '../record';
import { ask, type Question, type Reply } from './asking';
import type { Book } from './book';
import type { Door } from './door';
import type { Act, Life } from './life';

/** What somebody knows of themselves from earlier answers, and how they ask for more. */
export class Standing {
  customerId: string | null = null;
  /** By their place in the life. */
  readonly subscriptionIds = new Map<number, string>();
  /** The place of the card that the shop has. */
  cardInUse: number | null = null;

  constructor(
    readonly life: Life,
    readonly door: Door,
    readonly productIds: readonly string[],
    private readonly book: Book,
  ) {}

  keyOf({ number }: Act, suffix = ''): string {
    return `p${this.life.person}-a${number}${suffix}`;
  }

  /** Writes down what was refused. */
  async ask(what: string, question: Question): Promise<Reply> {
    const reply = await ask(this.door, question);
    if (reply.is === 'accepted') return reply;
    const { uncertain, status, from, to: at } = reply;
    const code = reply.is === 'refused' ? reply.code : NO_ANSWER;
    const { person } = this.life;
    const { path, body } = question;
    this.book.refusals.push({ person, what, path, body, status, code, uncertain, from, at });
    return reply;
  }

  record(deed: Deed): void {
    this.book.deeds.push(deed);
  }

  /** Between when it took effect, and whether that is sure; null: it did not. */
  effectOf(reply: Reply): Effect | null {
    const { from, to } = reply;
    const { person } = this.life;
    if (reply.is === 'accepted') return { person, from, to };
    return reply.uncertain ? { person, from, to, uncertain: true } : null;
  }
}

type Effect = Span & { readonly person: number; readonly uncertain?: true };
