import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { migrations } from '../migrations';
import { migrate, openDatabase } from '../src/platform/database';
import { mariadbInstalled, type MariadbServer, startMariadb, stopMariadb } from '../test/support/mariadb-server';
import { addressOf, bareMariadb, bareSqlite } from './bare-driver';
import type { BenchContext, DatabaseKind } from './measurement';
import { makeScratch } from '../test/support/scratch-folder';

/** Where measurements keep their databases: on a disk, and flushing at each commit, as in a shop. */
export interface Scratch {
  kinds: DatabaseKind[];
  /** Why the others are left out. */
  skipped: string[];
  context: (kind: DatabaseKind, rest: Pick<BenchContext, 'scale' | 'say'>) => BenchContext & { release: () => void };
  close: () => Promise<void>;
}

export async function openScratch(wanted: readonly string[]): Promise<Scratch> {
  const folder = makeScratch('bench');
  const kinds: DatabaseKind[] = [];
  const skipped: string[] = [];
  let server: MariadbServer | undefined;
  let mariadbUrl: ((database: string) => string) | undefined;
  for (const name of wanted) {
    if (name === 'sqlite') kinds.push('sqlite');
    else if (name === 'mariadb' && !mariadbInstalled())
      skipped.push('MariaDB: mariadbd is not installed (package mariadb-server)');
    else if (name === 'mariadb') {
      server = await startMariadb({ durable: true });
      mariadbUrl = server.url;
      kinds.push('mariadb');
    } else if (/^(mysql|mariadb):/.test(name)) {
      // The measurements make databases of their own beside the named one and drop them.
      mariadbUrl = (database) => name.replace(/^([a-z]+:\/\/[^/]+\/)[^?]*/, `$1${database}`);
      kinds.push('mariadb');
    } else
      throw new RangeError(`--database takes sqlite, mariadb, or the URL of a MySQL or MariaDB server; not ${name}`);
  }
  let serial = 0;
  const made: string[] = [];

  async function freshUrl(kind: DatabaseKind, own: string): Promise<string> {
    serial += 1;
    let url = `sqlite:${path.join(own, `database-${serial}.sqlite`)}`;
    if (kind === 'mariadb' && mariadbUrl) {
      const name = `erp_bench_${process.pid}_${serial}`;
      await asAdministrator(
        mariadbUrl('mysql'),
        `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`,
      );
      made.push(name);
      url = mariadbUrl(name);
    }
    const database = await openDatabase(url);
    await migrate(database, migrations);
    await database.close();
    return url;
  }

  /** Our own server does not flush at each commit meanwhile. */
  async function hurried<T>(kind: DatabaseKind, work: () => Promise<T>): Promise<T> {
    const own = kind === 'mariadb' && server ? server.url('mysql') : undefined;
    if (own) await asAdministrator(own, 'SET GLOBAL innodb_flush_log_at_trx_commit = 0');
    try {
      return await work();
    } finally {
      if (own) await asAdministrator(own, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1');
    }
  }

  return {
    kinds,
    skipped,
    context: (kind, rest) => {
      const own = mkdtempSync(path.join(folder, 'run-'));
      return {
        ...rest,
        kind,
        folder: own,
        freshUrl: () => hurried(kind, () => freshUrl(kind, own)),
        hurried: (work) => hurried(kind, work),
        bareDriver: (url) =>
          url.startsWith('sqlite:') ? Promise.resolve(bareSqlite(url.slice('sqlite:'.length))) : bareMariadb(url),
        release: () => rmSync(own, { recursive: true, force: true }),
      };
    },
    close: async () => {
      if (server) await stopMariadb(server);
      else if (mariadbUrl) for (const name of made) await asAdministrator(mariadbUrl('mysql'), `DROP DATABASE ${name}`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const connection = await mysql.createConnection(addressOf(url));
  await connection.query(statement);
  await connection.end();
}
