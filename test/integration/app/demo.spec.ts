import { expect } from 'chai';
import { fillDemo } from '../../../src/app/demo';
import { verifyLedger } from '../../../src/ledger';
import { transferChecks } from '../../../src/modules/inventory/queries/transfer-checks';
import {
  ageingByBrand,
  daySums,
  marginByDay,
  salesByBrand,
  salesByHour,
} from '../../../src/modules/reporting/queries/dashboard';
import { type Database, type Sql, sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { loadConfig } from '../../../src/platform/config';
import { createUnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { databaseContext } from '../../support/databases';
import { type DemoContent, demoContent } from '../../support/demo-content';
import { mariadbInstalled } from '../../support/mariadb-server';
import { skipUnless } from '../../support/skip';

const SIZE = { days: 8, salesPerDay: 3, openingDevices: 40, customers: 30 };
/** Long enough for all that happens in it. */
const MONTHS = { days: 75, salesPerDay: 2, openingDevices: 60, customers: 10 };
const timeZone = 'Asia/Shanghai';
/** 18:30 on a Sunday in Shanghai. */
const NOW = Date.UTC(2026, 10, 22, 10, 30);

interface Filled {
  database: Database;
  content: DemoContent;
}

async function fill(database: Database, seed: number, at = NOW, size = SIZE): Promise<Filled> {
  const clock = (): number => at;
  const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused' } });
  const uow = createUnitOfWork(database, { timeZone, clock });
  const services = { config, database, uow, log: silentLogger(), keys: testKeys, clock, timeZone };
  await fillDemo(services, { size, seed });
  return { database, content: await demoContent(database.read, testKeys) };
}

/** What the home page of the owner shows. */
async function dashboard({ read }: Database): Promise<object> {
  const today = '2026-11-22' as Parameters<typeof daySums>[2];
  const filter = { scope: 'all' as const, storeId: null, today, now: NOW, timeZone };
  return {
    sums: await daySums(read, filter, today, NOW),
    hours: await salesByHour(read, filter),
    brands: await salesByBrand(read, filter),
    margin: await marginByDay(read, filter),
    ageing: await ageingByBrand(read, filter),
  };
}

const count = async ({ read }: Database, query: Sql): Promise<number> =>
  Number((await read.one<{ n: number }>(query))?.n ?? 0);

describe('the sample company', function () {
  this.timeout(180_000);
  const sqlite = databaseContext('sqlite');
  const mariadb = databaseContext('mariadb');

  it('is the same for the same seed within the hour, and another for another seed; its books verify', async () => {
    const first = await fill(await sqlite.open(), 7);
    expect(first.content.rows['sales']).to.be.greaterThan(30);
    expect(first.content.rows['transfers'], 'sent, and asked for').to.be.greaterThan(1);
    expect((await verifyLedger(first.database.read, [transferChecks])).ok).to.equal(true);
    const again = await fill(await sqlite.open(), 7, NOW + 29 * 60_000);
    expect(again.content).to.eql(first.content);
    const other = await fill(await sqlite.open(), 8);
    expect(other.content.sums['sales']).to.not.equal(first.content.sums['sales']);
  });

  it('tells of everything that happens in a chain of shops, with something open and something late', async () => {
    const { database, content } = await fill(await sqlite.open(), 7, NOW, MONTHS);
    expect((await verifyLedger(database.read, [transferChecks])).ok).to.equal(true);
    for (const part of ['requisitions', 'batches', 'tests', 'priceChanges', 'rebates', 'customers'])
      expect(content.rows[part], part).to.be.greaterThan(2);
    const states = async (table: string, column = 'state'): Promise<string[]> =>
      (
        await database.read.all<{ state: string }>(
          sql`SELECT DISTINCT ${sql.identifier(column)} AS state FROM ${sql.identifier(table)} ORDER BY 1`,
        )
      ).map(({ state }) => state);
    expect(await states('purchase_return')).to.include.members(['draft', 'posted']);
    expect(await states('stock_change')).to.include.members(['draft', 'submitted', 'posted']);
    expect(await states('stock_change', 'effect')).to.include.members(['demo', 'defective', 'scrap', 'issue', 'gain']);
    expect(await states('stocktake')).to.include.members(['counting', 'submitted', 'posted']);
    expect(await states('price_protection')).to.include.members(['submitted', 'agreed', 'credited']);
    expect(await states('loan')).to.include.members(['out', 'back']);
    expect(await states('device', 'bucket')).to.include.members(['demo', 'defective', 'quarantine', 'sellable']);
    expect(
      await count(
        database,
        sql`SELECT COUNT(DISTINCT inbound) AS n FROM loan WHERE state = 'out' AND due_on < '2026-11-22'`,
      ),
    ).to.equal(2);
    expect(await states('consignment')).to.include.members(['draft', 'posted']);
    expect(await count(database, sql`SELECT COUNT(*) AS n FROM consignment_out WHERE due_on < '2026-11-22'`)).to.equal(
      1,
    );
    const expired = sql`SELECT COUNT(*) AS n FROM stock_balance b JOIN batch t ON t.id = b.batch_key
      WHERE b.quantity > 0 AND t.expires_on < '2026-11-22'`;
    expect(await count(database, expired)).to.be.greaterThan(0);
    expect(
      await count(database, sql`SELECT COUNT(*) AS n FROM claim_settlement WHERE state = 'posted'`),
    ).to.be.greaterThan(2);
    const used = sql`SELECT COUNT(*) AS n FROM sale_line l JOIN device d ON d.id = l.device_id WHERE d.grade IS NOT NULL`;
    expect(await count(database, used), 'used phones are sold').to.be.greaterThan(2);
  });

  it('is the same on MariaDB, on the home page too', async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (tests on MariaDB)');
    const here = await fill(await sqlite.open(), 7);
    const there = await fill(await mariadb.open(), 7);
    expect(there.content).to.eql(here.content);
    expect(await dashboard(there.database)).to.eql(await dashboard(here.database));
    expect((await verifyLedger(there.database.read, [transferChecks])).ok).to.equal(true);
  });
});
