import pino from 'pino';
import { maskPatterns, withoutSecrets } from './redaction';

export type Logger = pino.Logger;

export interface LoggerOptions {
  /** The service's name, on each line. */
  readonly name: string;
  readonly level: string;
  /** Default: standard output. */
  readonly destination?: pino.DestinationStream;
}

/**
 * The one way to a logger. Secrets and personal data are taken out twice: by the name of the field,
 * at any depth, and by what a text looks like, because error messages quote what they choked on.
 */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => withoutSecrets(fields),
    },
    serializers: { err: describeError },
    hooks: { streamWrite: maskPatterns },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Type, message, stack and causes only: drivers hang statements with their values on errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && { code: error.code }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(describeError) }),
  };
}
