import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pinoHttp, type HttpLogger } from 'pino-http';
import type { Logger } from './create-logger';
import { serializeError, serializeRequest, serializeResponse } from './serializers';

const REQUEST_ID_HEADER = 'X-Request-Id';

/** Paths that are asked for all the time and tell nothing. */
const UNINTERESTING = /^\/(healthz|readyz|metrics|assets\/)/;

/**
 * Middleware that gives each request an id (in `req.id`, in the response's X-Request-Id, and on every line logged
 * through `req.log`), and logs one line when it is answered. The id is the reference number that an error page shows.
 */
export function requestLogger(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: (_request: IncomingMessage, response: ServerResponse) => {
      const id = newRequestId();
      response.setHeader(REQUEST_ID_HEADER, id);
      return id;
    },
    autoLogging: { ignore: (request) => UNINTERESTING.test(request.url ?? '') },
    wrapSerializers: false,
    serializers: { req: serializeRequest, res: serializeResponse, err: serializeError },
    customLogLevel: (_request, response, error) =>
      error || response.statusCode >= 500
        ? 'error'
        : response.statusCode === 403 || response.statusCode === 429
          ? 'warn'
          : 'info',
  });
}

const ID_LENGTH = 10;
/** Drawn for many requests at once: one call costs as much as a small query. */
let random = Buffer.alloc(0);
let at = 0;

/** Ten letters and digits without those that are mistaken for others when read out on the phone; about 2^48 values. */
function newRequestId(): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
  if (at + ID_LENGTH > random.length) {
    random = randomBytes(100 * ID_LENGTH);
    at = 0;
  }
  let id = '';
  for (const end = at + ID_LENGTH; at < end; at++) id += alphabet[(random[at] ?? 0) % alphabet.length];
  return id;
}
