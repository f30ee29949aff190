import { expect } from 'chai';
import {
  type ConnectionFault,
  connectionFault,
  planCreation,
  type ServerDialect,
  type ServerTarget,
} from '../../../src/platform/database/probe';

/** Errors as the drivers hand them over (mysql2; tedious and mssql; oracledb in thin mode). */
const cases: readonly [ServerDialect, object, ConnectionFault][] = [
  ['mysql', { errno: 1045, code: 'ER_ACCESS_DENIED_ERROR' }, 'password'],
  ['mysql', { errno: 1044, code: 'ER_DBACCESS_DENIED_ERROR' }, 'noAccess'],
  ['mysql', { errno: 1049, code: 'ER_BAD_DB_ERROR' }, 'noDatabase'],
  ['mysql', { errno: 1130, code: 'ER_HOST_NOT_PRIVILEGED' }, 'hostNotAllowed'],
  ['mysql', { errno: 1040, code: 'ER_CON_COUNT_ERROR' }, 'tooMany'],
  ['mysql', { errno: 3159, code: 'ER_SECURE_TRANSPORT_REQUIRED' }, 'tlsRequired'],
  ['mysql', { code: 'HANDSHAKE_NO_SSL_SUPPORT' }, 'tlsMissing'],
  ['mysql', { code: 'ECONNREFUSED', errno: -111 }, 'refused'],
  ['mysql', { code: 'ENOTFOUND', errno: -3008 }, 'unknownHost'],
  ['mysql', { code: 'ETIMEDOUT' }, 'unreachable'],
  ['mysql', { code: 'PROTOCOL_CONNECTION_LOST' }, 'otherService'],
  ['mssql', { code: 'ELOGIN', number: 18456 }, 'password'],
  ['mssql', { code: 'ELOGIN', number: 4060 }, 'noDatabase'],
  ['mssql', { code: 'ELOGIN', originalError: { number: 18486 } }, 'locked'],
  ['mssql', { code: 'ELOGIN', number: 18488 }, 'expired'],
  ['mssql', { code: 'EREQUEST', number: 262 }, 'privilege'],
  ['mssql', { code: 'EREQUEST', number: 3906 }, 'readOnly'],
  [
    'mssql',
    { code: 'ESOCKET', message: 'Failed to connect to 10.0.0.1:1433 - connect ECONNREFUSED 10.0.0.1:1433' },
    'refused',
  ],
  ['mssql', { code: 'ESOCKET', message: 'getaddrinfo ENOTFOUND db.shop' }, 'unknownHost'],
  ['mssql', { code: 'ETIMEOUT', message: 'Failed to connect to 10.0.0.1:1433 in 15000ms' }, 'unreachable'],
  ['mssql', { code: 'ESOCKET', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }, 'certificate'],
  ['mssql', { code: 'EENCRYPT' }, 'tlsMissing'],
  ['oracle', { errorNum: 1017, message: 'ORA-01017: invalid username/password' }, 'password'],
  [
    'oracle',
    { code: 'NJS-518', message: 'NJS-518: cannot connect to Oracle Database. Service "x" is not registered' },
    'noDatabase',
  ],
  ['oracle', { errorNum: 12514, message: 'ORA-12514: TNS:listener does not currently know of service' }, 'noDatabase'],
  ['oracle', { errorNum: 28000 }, 'locked'],
  ['oracle', { errorNum: 28001 }, 'expired'],
  ['oracle', { errorNum: 1031 }, 'privilege'],
  ['oracle', { errorNum: 1033 }, 'starting'],
  ['oracle', { errorNum: 1536 }, 'full'],
  ['oracle', { code: 'NJS-116' }, 'authMethod'],
  ['oracle', { code: 'NJS-511', message: 'NJS-511: connection to listener refused' }, 'refused'],
  [
    'oracle',
    { code: 'NJS-503', message: 'NJS-503: connection to host x could not be established … ENOTFOUND' },
    'unknownHost',
  ],
  ['oracle', { code: 'NJS-510', message: 'NJS-510: connection to host timed out' }, 'unreachable'],
  ['mysql', { message: 'something new' }, 'other'],
];

describe('reasons why a database server is not reached', () => {
  for (const [dialect, error, fault] of cases)
    it(`${dialect}: ${JSON.stringify(error).slice(0, 70)} is ${fault}`, () => {
      expect(connectionFault(dialect, error)).to.equal(fault);
    });

  it('the numbers of one server mean nothing on another', () => {
    expect(connectionFault('mssql', { errno: 1045 })).to.equal('other');
    expect(connectionFault('oracle', { number: 18456 })).to.equal('other');
  });
});

describe('creating database and account', () => {
  const target = (dialect: ServerDialect): ServerTarget => ({
    dialect,
    host: 'h',
    port: 1,
    user: 'root',
    password: 'p',
    database: 'x',
  });

  for (const dialect of ['mysql', 'mssql', 'oracle'] as const)
    it(`${dialect}: shows what it will do, without the password and without more rights than needed`, () => {
      const { shown } = planCreation(target(dialect), { database: 'erp', user: 'erp_app', password: `s3'cret` });
      const text = shown.join('\n');
      expect(text).to.match(/erp_app/i);
      expect(text).to.not.include('s3');
      expect(text).to.not.match(/ALL PRIVILEGES|sysadmin|db_owner|\bDBA\b|GRANT OPTION/i);
    });

  it('refuses a name that is more than a name', () => {
    const plan =
      (database: string, user = 'erp') =>
      () =>
        planCreation(target('mysql'), { database, user, password: 'x' });
    expect(plan('erp; DROP DATABASE x')).to.throw().with.property('code', 'checks:database.create.name');
    expect(plan('erp', `o'neil`)).to.throw().with.property('code', 'checks:database.create.name');
    expect(plan('')).to.throw();
    expect(plan('erp_2026')).to.not.throw();
  });
});
