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
import type { Database } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { loadConfig } from '../../../src/platform/config';
import { createUnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { databaseContext } from '../../support/databases';
import { type DemoContent, demoContent } from '../../support/demo-content';
import { mariadbInstalled } from '../../support/mariadb-server';
import { skipUnless } from '../../support/skip';

const SIZE = { days: 5, salesPerDay: 4, openingDevices: 40, customers: 30 };
const timeZone = 'Asia/Shanghai';
/** 18:30 on a Sunday in Shanghai. */
const NOW = Date.UTC(2026, 10, 22, 10, 30);

interface Filled {
  database: Database;
  content: DemoContent;
}

async function fill(database: Database, seed: number, at = NOW): Promise<Filled> {
  const clock = (): number => at;
  const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused' } });
  const uow = createUnitOfWork(database, { timeZone, clock });
  const services = { config, database, uow, log: silentLogger(), keys: testKeys, clock, timeZone };
  await fillDemo(services, { size: SIZE, seed });
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

  it('is the same on MariaDB, on the home page too', async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (tests on MariaDB)');
    const here = await fill(await sqlite.open(), 7);
    const there = await fill(await mariadb.open(), 7);
    expect(there.content).to.eql(here.content);
    expect(await dashboard(there.database)).to.eql(await dashboard(here.database));
    expect((await verifyLedger(there.database.read, [transferChecks])).ok).to.equal(true);
  });
});
