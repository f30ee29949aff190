import type { ServerDialect } from './target';

/** Why a connection could not be made, in kinds that each have a plain message and a remedy (locales: checks:database.fault.…). */
export type ConnectionFault =
  | 'unknownHost'
  | 'refused'
  | 'unreachable'
  | 'otherService'
  | 'password'
  | 'noDatabase'
  | 'noAccess'
  | 'hostNotAllowed'
  | 'tooMany'
  | 'authMethod'
  | 'tlsRequired'
  | 'tlsMissing'
  | 'certificate'
  | 'locked'
  | 'expired'
  | 'starting'
  | 'readOnly'
  | 'privilege'
  | 'full'
  | 'other';

/** The same for all drivers: what the operating system and TLS say (node:net, node:tls). */
const BY_SYSTEM_CODE: Readonly<Record<string, ConnectionFault>> = {
  ENOTFOUND: 'unknownHost',
  EAI_AGAIN: 'unknownHost',
  EAI_NONAME: 'unknownHost',
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ETIMEDOUT: 'unreachable',
  ETIMEOUT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'otherService',
  EPIPE: 'otherService',
  CERT_HAS_EXPIRED: 'certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
};

/** MySQL 8.4 Reference Manual, "Server Error Message Reference"; MariaDB "Error Codes". */
const MYSQL: Readonly<Record<number, ConnectionFault>> = {
  1021: 'full',
  1114: 'full',
  1040: 'tooMany',
  1203: 'tooMany',
  1226: 'tooMany',
  1043: 'otherService',
  1044: 'noAccess',
  1045: 'password',
  1698: 'password',
  1049: 'noDatabase',
  1053: 'starting',
  1129: 'hostNotAllowed',
  1130: 'hostNotAllowed',
  1142: 'privilege',
  1143: 'privilege',
  1227: 'privilege',
  1370: 'privilege',
  1251: 'authMethod',
  1524: 'authMethod',
  1290: 'readOnly',
  1836: 'readOnly',
  1820: 'expired',
  1862: 'expired',
  3118: 'locked',
  4151: 'locked',
  3159: 'tlsRequired',
};
const MYSQL_BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  AUTH_SWITCH_PLUGIN_ERROR: 'authMethod',
  HANDSHAKE_NO_SSL_SUPPORT: 'tlsMissing',
  HANDSHAKE_SSL_ERROR: 'certificate',
  PROTOCOL_CONNECTION_LOST: 'otherService',
};

/** Microsoft, "Database Engine events and errors"; the codes of the driver in tedious' ConnectionError. */
const MSSQL: Readonly<Record<number, ConnectionFault>> = {
  229: 'privilege',
  262: 'privilege',
  297: 'privilege',
  300: 'privilege',
  2760: 'privilege',
  916: 'noAccess',
  1105: 'full',
  9002: 'full',
  3906: 'readOnly',
  4060: 'noDatabase',
  4064: 'noDatabase',
  911: 'noDatabase',
  904: 'starting',
  922: 'starting',
  927: 'starting',
  17187: 'starting',
  18401: 'starting',
  10928: 'tooMany',
  17809: 'tooMany',
  18456: 'password',
  18452: 'authMethod',
  18470: 'locked',
  18486: 'locked',
  18487: 'expired',
  18488: 'expired',
};
const MSSQL_BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  EENCRYPT: 'tlsMissing',
  EINSTLOOKUP: 'unknownHost',
};

/** Oracle Database Error Messages (ORA-…) and node-oracledb's own (NJS-…). */
const ORACLE: Readonly<Record<number, ConnectionFault>> = {
  17: 'tooMany',
  18: 'tooMany',
  20: 'tooMany',
  1005: 'password',
  1017: 'password',
  1031: 'privilege',
  1033: 'starting',
  1034: 'starting',
  1045: 'noAccess',
  1089: 'starting',
  1536: 'full',
  1653: 'full',
  1654: 'full',
  1950: 'privilege',
  12505: 'noDatabase',
  12514: 'noDatabase',
  12516: 'tooMany',
  12519: 'tooMany',
  12520: 'tooMany',
  12526: 'starting',
  12528: 'starting',
  12529: 'noAccess',
  12541: 'refused',
  12543: 'unreachable',
  12545: 'unknownHost',
  12170: 'unreachable',
  12547: 'otherService',
  12660: 'tlsRequired',
  16000: 'readOnly',
  28000: 'locked',
  28001: 'expired',
  28040: 'authMethod',
  29024: 'certificate',
};
const ORACLE_BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  'NJS-040': 'tooMany',
  'NJS-116': 'authMethod',
  'NJS-138': 'authMethod',
  'NJS-501': 'refused',
  'NJS-510': 'unreachable',
  'NJS-511': 'refused',
  'NJS-517': 'noDatabase',
  'NJS-518': 'noDatabase',
  'NJS-520': 'otherService',
  'NJS-521': 'otherService',
  'NJS-530': 'unknownHost',
};

const BY_NUMBER = { mysql: MYSQL, mssql: MSSQL, oracle: ORACLE } as const;
const BY_CODE = { mysql: MYSQL_BY_CODE, mssql: MSSQL_BY_CODE, oracle: ORACLE_BY_CODE } as const;

interface DriverError {
  code?: unknown;
  errno?: unknown;
  number?: unknown;
  errorNum?: unknown;
  message?: unknown;
  originalError?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/** What kind of failure a driver's error is; looks through the errors it wraps. */
export function connectionFault(dialect: ServerDialect, error: unknown): ConnectionFault {
  for (const one of unwrapped(error)) {
    const found = faultOf(dialect, one);
    if (found) return found;
  }
  return 'other';
}

function faultOf(
  dialect: ServerDialect,
  { code, errno, number, errorNum, message }: DriverError,
): ConnectionFault | undefined {
  const words = typeof message === 'string' ? message : '';
  const numbers = dialect === 'mysql' ? errno : dialect === 'mssql' ? number : errorNum;
  const byNumber = BY_NUMBER[dialect][Number(numbers)];
  if (byNumber) return byNumber;
  const named = String(code ?? '');
  const byCode = BY_CODE[dialect][named] ?? BY_SYSTEM_CODE[named];
  if (byCode) return byCode;
  // Codes that stand only in the message: "ORA-12514: …", "NJS-503: … ENOTFOUND …", "Failed to connect to x:1 - …ECONNREFUSED".
  for (const found of words.match(/\bORA-\d{5}\b/g) ?? []) {
    const fault = dialect === 'oracle' ? ORACLE[Number(found.slice(4))] : undefined;
    if (fault) return fault;
  }
  for (const found of words.match(/\bNJS-\d{3}\b/g) ?? []) {
    const fault = dialect === 'oracle' ? ORACLE_BY_CODE[found] : undefined;
    if (fault) return fault;
  }
  for (const found of words.match(/\b[A-Z][A-Z_]{4,}\b/g) ?? []) {
    const fault = BY_SYSTEM_CODE[found];
    if (fault) return fault;
  }
  if (/self.signed certificate|certificate has expired|altnames|unable to verify/i.test(words)) return 'certificate';
  if (/wrong version number|packet length too long|malformed|out of order|unexpected (packet|end)/i.test(words))
    return 'otherService';
  return /timed? ?out|timeout/i.test(words) ? 'unreachable' : undefined;
}

function unwrapped(error: unknown, depth = 0): DriverError[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { originalError, cause, errors } = error as DriverError;
  const inner = [originalError, cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  return [error, ...inner.flatMap((one) => unwrapped(one, depth + 1))];
}
