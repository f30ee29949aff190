import type { IncomingMessage, ServerResponse } from 'node:http';
import { redactText, redactUrl } from './redact';

interface SerializedError {
  type: string;
  message: string;
  stack?: string | undefined;
  code?: unknown;
  cause?: unknown;
}

/**
 * What is kept of an error: never its other properties, because drivers attach the statement's parameters, which hold
 * customers' data.
 */
export function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as Error & { code?: unknown };
  const serialized: SerializedError = {
    type: error.name,
    message: redactText(error.message),
    stack: error.stack === undefined ? undefined : redactText(error.stack),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.cause === undefined || depth > 3 ? {} : { cause: serializeError(error.cause, depth + 1) }),
  };
  return serialized;
}

/** Method, address and sender; no headers and no body. */
export function serializeRequest(
  request: IncomingMessage & { id?: unknown; originalUrl?: string; ip?: string },
): object {
  return {
    id: request.id,
    method: request.method,
    url: redactUrl(request.originalUrl ?? request.url ?? ''),
    from: request.ip ?? request.socket?.remoteAddress,
  };
}

export function serializeResponse(response: ServerResponse): object {
  return { status: response.statusCode };
}
