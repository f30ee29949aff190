import { QueryFailedError } from 'typeorm';

/** Thrown inside a unit of work when a block of ids ran out: the unit is rolled back, a block is taken, the unit runs again. */
export class IdBlockExhausted extends Error {
  constructor(
    readonly table: string,
    readonly count: number,
    readonly blockSize: number,
  ) {
    super(`id block of ${table} exhausted`);
  }
}

/** The transaction ended under the unit of work (disk full, connection lost): nothing of it was kept. */
export class TransactionLost extends Error {}

function driverError(error: unknown): {
  code?: unknown;
  errno?: unknown;
  number?: unknown;
  errorNum?: unknown;
  syscall?: unknown;
  message: string;
} {
  if (error instanceof QueryFailedError) return error.driverError as Error;
  return error instanceof Error ? error : { message: String(error) };
}

const LOST_CONNECTION = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ESOCKET',
  'ECONNCLOSED',
  'NJS-500',
  'NJS-503',
]);

export function isConnectionError(error: unknown): boolean {
  const { code, errno, syscall, message } = driverError(error);
  // ENOENT: the socket of a server on this machine, while it is away. 1047: a Galera node that lost its cluster; 1053, 1927: the server shuts down or killed the connection
  return (
    LOST_CONNECTION.has(String(code)) ||
    (code === 'ENOENT' && syscall === 'connect') ||
    [1047, 1053, 1927].includes(Number(errno)) ||
    /closed state|Connection is closed/i.test(message)
  );
}

/** Deadlocks, lock time-outs, certification failures and lost connections: the whole transaction may be run again. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof TransactionLost) return true;
  const { code, errno, number, errorNum } = driverError(error);
  if (String(code).startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return true;
  if ([1213, 1205, 1180, 1020].includes(Number(errno))) return true;
  if (Number(number) === 1205 || Number(number) === 3960) return true;
  if ([60, 8177].includes(Number(errorNum))) return true;
  return isConnectionError(error);
}

/** The name of the unique key or the columns, as the database tells it; undefined when it is another error. */
export function duplicateKey(error: unknown): string | undefined {
  const { code, errno, number, errorNum, message } = driverError(error);
  const duplicate =
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY' ||
    Number(errno) === 1062 ||
    Number(number) === 2601 ||
    Number(number) === 2627 ||
    Number(errorNum) === 1;
  return duplicate ? message : undefined;
}
