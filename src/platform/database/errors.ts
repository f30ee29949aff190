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
  // SQL Server's driver
  'ESOCKET',
  'ECLOSE',
  'ECONNCLOSED',
  'ENOTOPEN',
  // Oracle's driver in thin mode: closed, cannot connect, broken, timed out
  'NJS-500',
  'NJS-501',
  'NJS-503',
  'NJS-510',
  'NJS-521',
]);

/** 1047: a Galera node that lost its cluster; 1053, 1927: the server shuts down or killed the connection. */
const LOST_MYSQL = new Set([1047, 1053, 1927]);
/** Fail-over of an availability group, shutdown, severe errors that end the session, transport errors. */
const LOST_MSSQL = new Set([596, 976, 978, 983, 6005, 10053, 10054, 10060, 10061, 40197, 40501, 40613]);
/** Session killed, instance shutting down or starting, end of file on the channel, not connected, fail-over of a RAC node. */
const LOST_ORACLE = new Set([
  28, 1012, 1033, 1034, 1089, 1092, 2396, 3113, 3114, 3135, 12153, 12514, 12528, 12537, 12541, 12547, 12570, 12571,
  12583, 25402, 25408,
]);

export function isConnectionError(error: unknown): boolean {
  const { code, errno, number, errorNum, syscall, message } = driverError(error);
  return (
    LOST_CONNECTION.has(String(code)) ||
    // the socket of a server on this machine, while it is away
    (code === 'ENOENT' && syscall === 'connect') ||
    LOST_MYSQL.has(Number(errno)) ||
    LOST_MSSQL.has(Number(number)) ||
    LOST_ORACLE.has(Number(errorNum)) ||
    /closed state|Connection is closed/i.test(message)
  );
}

/** Deadlocks, lock time-outs, certification failures and lost connections: the whole transaction may be run again. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof TransactionLost) return true;
  const { code, errno, number, errorNum } = driverError(error);
  if (String(code).startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return true;
  if ([1213, 1205, 1180, 1020].includes(Number(errno))) return true;
  // deadlock victim; update conflict under SNAPSHOT; lock request timed out
  if ([1205, 3960, 1222].includes(Number(number))) return true;
  // deadlock; cannot serialise; resource busy; distributed lock timed out
  if ([60, 8177, 54, 2049].includes(Number(errorNum))) return true;
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
