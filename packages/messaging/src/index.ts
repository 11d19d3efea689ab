export { causeOf, newCause } from './cause';
export type { FailedMessage, FailedMessages } from './failed-messages';
export { type MessageHandler, on } from './handler';
export { createLocalTransport } from './local-transport';
export { createMessaging, type Messaging, type MessagingOptions } from './messaging';
export { messagingMigrations } from './migrations';
export { createRabbitTransport, type RabbitOptions } from './rabbit-transport';
export { type FailedFilter, FailedState } from './store-failed';
export type { Outcome, Outgoing, Subscription, Transport } from './transport';
