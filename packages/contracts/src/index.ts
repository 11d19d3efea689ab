export * from './billing';
export { messageOfType, messages } from './catalogue';
export { Cause } from './cause';
export { jsonSchemaOf, messagesMarkdown } from './docs';
export { createIds, type Ids } from './ids';
export {
  type Announcement,
  Envelope,
  type MessageDefinition,
  message,
  ServiceName,
} from './message';
export { Currency, decimalsOf, decimalText, Money } from './money';
export * from './provider';
export * from './subscriptions';
export * from './vocabulary';
