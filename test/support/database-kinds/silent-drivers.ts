import { EventEmitter } from 'node:events';
import mssql from 'mssql';
import oracledb from 'oracledb';

/**
 * Driver modules without a server: they write down every statement, answer that one row was affected, and know of no table. So
 * the whole schema is made as on an empty database, and what TypeORM and the migrations write for that server can be read.
 */
export function silentOracle(note: (text: string) => void): object {
  const connection = {
    execute: (text: string) => {
      note(text);
      return Promise.resolve(/^\s*SELECT/i.test(text) ? { rows: facts(text) } : { rowsAffected: 1 });
    },
    executeMany: (text: string) => Promise.resolve(note(text)),
    close: () => Promise.resolve(),
  };
  const pool = {
    getConnection: (got: (error: null, made: object) => void) => got(null, connection),
    close: (done: () => void) => done(),
  };
  const { OUT_FORMAT_OBJECT, DB_TYPE_CLOB, DB_TYPE_BLOB } = oracledb;
  return {
    OUT_FORMAT_OBJECT,
    DB_TYPE_CLOB,
    DB_TYPE_BLOB,
    createPool: (_config: object, done: (error: null, made: object) => void) => done(null, pool),
  };
}

export function silentMssql(note: (text: string, inputs: Map<string, unknown>) => void): object {
  class Transaction extends EventEmitter {
    begin(_level: unknown, done: () => void): void {
      done();
    }
    commit(done: () => void): void {
      done();
    }
    rollback(done: () => void): void {
      done();
    }
  }
  class ConnectionPool extends EventEmitter {
    connect(done: (error?: unknown) => void): this {
      queueMicrotask(() => done());
      return this;
    }
    transaction(): Transaction {
      return new Transaction();
    }
    close(done: () => void): void {
      done();
    }
  }
  class Request {
    private readonly inputs = new Map<string, unknown>();
    input(name: string, ...typeAndValue: unknown[]): void {
      this.inputs.set(name, typeAndValue);
    }
    query(text: string): Promise<object> {
      note(text, this.inputs);
      return Promise.resolve({ recordset: /^\s*SELECT/i.test(text) ? facts(text) : undefined, rowsAffected: [1] });
    }
  }
  return { ...mssql, ConnectionPool, Transaction, Request };
}

/** TypeORM asks for the names of the database and the schema when it connects. */
function facts(text: string): object[] {
  if (/DB_NAME\(\)|'DB_NAME'/i.test(text)) return [{ db_name: 'ERP' }];
  if (/SCHEMA_NAME\(\)|'CURRENT_SCHEMA'/i.test(text)) return [{ schema_name: 'DBO' }];
  return [];
}
