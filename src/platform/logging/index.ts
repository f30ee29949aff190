export {
  createLogger,
  openLogger,
  silentLogger,
  type Logger,
  type LoggingOptions,
  type OpenLogger,
} from './create-logger';
export { redactText, redactUrl } from './redact';
export { requestLogger } from './request-logger';
