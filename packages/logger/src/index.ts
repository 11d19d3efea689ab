export { createLogger, type Logger } from './logger';
export { maskPatterns } from './redaction';
