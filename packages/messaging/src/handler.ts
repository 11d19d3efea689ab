import type { Announcement, Envelope, MessageDefinition } from '@perennial/contracts';
import type { Tx } from '@perennial/database';

export interface MessageHandler {
  readonly definition: MessageDefinition;
  /**
   * Takes messages of one type in the order of the batch, inside the inbox's transaction, and answers
   * what is to be announced. When it throws, all is rolled back, and the messages come one by one.
   */
  run(messages: readonly Envelope[], tx: Tx): Promise<readonly Announcement[]>;
}

/** Binds a contract to the code that reacts to it, which gets only the fields that the contract names. */
export function on<Data extends object>(
  definition: MessageDefinition<Data>,
  react: (messages: readonly Envelope<Data>[], tx: Tx) => Promise<readonly Announcement[]>,
): MessageHandler {
  return {
    definition,
    run: (messages, tx) =>
      react(
        messages.map((message) => ({ ...message, data: definition.data.parse(message.data) })),
        tx,
      ),
  };
}
