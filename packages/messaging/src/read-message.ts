import { createHash } from 'node:crypto';
import { Envelope } from '@perennial/contracts';
import { issuesText } from './failure-text';
import type { MessageHandler } from './handler';

/** A message that fits its contract and that somebody here handles. */
export interface Readable {
  readonly envelope: Envelope;
  readonly handler: MessageHandler;
  readonly body: string;
}

/** Trying again would not help: only an operator can, or another version of this service. */
export interface Unreadable {
  readonly id: string;
  readonly type: string;
  readonly reason: string;
  readonly body: string;
}

export type Handlers = ReadonlyMap<string, MessageHandler>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Fields that the contract does not name do no harm; everything that it does must fit. */
export function readMessage(bytes: Buffer, handlers: Handlers): Readable | Unreadable {
  const body = bytes.toString();
  const unreadable = (reason: string) => {
    return { id: idOfBytes(bytes), type: 'unreadable', reason, body };
  };
  const json = parseJson(bytes);
  if (json === undefined) return unreadable('not JSON in UTF-8');
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) return unreadable(`not an envelope: ${issuesText(envelope.error)}`);
  return readData(envelope.data, body, handlers);
}

export function isReadable(message: Readable | Unreadable): message is Readable {
  return 'envelope' in message;
}

export function isUnreadable(message: Readable | Unreadable): message is Unreadable {
  return !isReadable(message);
}

function readData(envelope: Envelope, body: string, handlers: Handlers): Readable | Unreadable {
  const { id, type } = envelope;
  const handler = handlers.get(type);
  if (!handler) return { id, type, reason: whyUnknown(type, handlers), body };
  const data = handler.definition.data.safeParse(envelope.data);
  if (data.success) return { envelope, handler, body };
  return { id, type, reason: `does not fit its contract: ${issuesText(data.error)}`, body };
}

function whyUnknown(type: string, handlers: Handlers): string {
  const known = [...handlers.keys()].some((other) => withoutMajor(other) === withoutMajor(type));
  return known ? 'unknown major version' : 'nobody here handles this type';
}

function withoutMajor(type: string): string {
  return type.replace(/\.v\d+$/, '');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

/** A message without a readable id still has to be recognised when it is delivered again. */
function idOfBytes(bytes: Buffer): string {
  const hex = createHash('sha256').update(bytes).digest('hex');
  const version8 = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...version8, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
