export {
  createLogger,
  openLogger,
  silentLogger,
  type Logger,
  type LoggingOptions,
  type OpenLogger,
} from './create-logger';
export { redact, redactText, redactUrl } from './redact';
export { REQUEST_ID_HEADER, requestLogger } from './request-logger';
export { serializeError } from './serializers';
