export {
  createLogger,
  openLogger,
  silentLogger,
  type Logger,
  type LoggingOptions,
  type OpenLogger,
} from './create-logger';
export { type LogLine, logTail } from './log-tail';
export { redactText, redactUrl } from './redact';
export { requestLogger } from './request-logger';
