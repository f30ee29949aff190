import { expect } from 'chai';
import {
  closePeriod,
  devicesFor,
  ledgerChecks,
  type LedgerVerdict,
  openItem,
  openPeriod,
  post,
  reverse,
  verifyLedger,
} from '../../../src/ledger';
import type { Database, Dialect } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { Unit, UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import {
  accrued,
  goods,
  imei,
  move,
  NANJING,
  payment,
  receipt,
  sale,
  salesReturn,
  SUZHOU,
} from '../../support/ledger-documents';

const actor = systemActor('test');

/** A shop with something in every book: two receipts, a sale, its reversal, a return, a move, a payment. */
async function lively(uow: UnitOfWork): Promise<void> {
  const run = (work: (unit: Unit) => Promise<unknown>) => uow.run(actor, work);
  const lines = [1, 2, 3, 4].map((n) => ({ number: imei(n), costFen: 400_000 + n }));
  let ids: number[] = [];
  await run(async (unit) => {
    const { deviceIds } = await post(unit, receipt(lines, [goods(NANJING, 9, 1_000)]));
    ids = [...deviceIds.values()];
  });
  const rows = async (unit: Unit, ...which: number[]) => [
    ...(
      await devicesFor(
        unit,
        which.map((n) => ids[n] ?? 0),
      )
    ).values(),
  ];
  await run(async (unit) => post(unit, sale(await rows(unit, 0, 1), 900_000, { quantity: 2, costFen: 222 })));
  await run(async (unit) => post(unit, salesReturn(await rows(unit, 1), 450_000)));
  await run(async (unit) => post(unit, move(await rows(unit, 2), NANJING, SUZHOU)));
  const [item] = await uow.database.read.find(openItem, {});
  await run((unit) => post(unit, payment(item?.id ?? 0, 7_000)));
  const undone = receipt([{ number: imei(9), costFen: 5 }]);
  await run((unit) => post(unit, undone));
  await run((unit) => reverse(unit, undone.document, { ...undone.document, number: 'R1' }));
  // Several stores' worth of the same, so that sums are not of one row.
  await run((unit) => post(unit, receipt([{ number: imei(20), costFen: 300_000 }], [], SUZHOU)));
  await run((unit) => post(unit, accrued(receipt([{ number: imei(21), costFen: 88_000 }]))));
}

const APPEND_ONLY = ['posting', 'device_event', 'stock_entry', 'journal_entry', 'journal_line', 'settlement'];

/** Past the triggers and the checks of the database, as somebody with its password could. */
async function disarm(database: Database): Promise<void> {
  for (const table of APPEND_ONLY)
    for (const verb of ['update', 'delete'])
      await database.transaction((tx) =>
        tx.execute({ pieces: [`DROP TRIGGER ${`tr_${table}_no_${verb}`.slice(0, 30)}`] }),
      );
  if (database.dialect !== 'oracle') return;
  const constraints = await database.read.all<{ tableName: string; constraintName: string }>({
    pieces: [
      `SELECT "TABLE_NAME", "CONSTRAINT_NAME" FROM "USER_CONSTRAINTS" WHERE "CONSTRAINT_TYPE" IN ('R', 'C') AND "CONSTRAINT_NAME" NOT LIKE 'SYS%'`,
    ],
  });
  for (const { tableName, constraintName } of constraints)
    await database.dataSource.query(`ALTER TABLE "${tableName}" DROP CONSTRAINT "${constraintName}"`);
}

/** How each database is told to look away; Oracle's constraints are taken away for good by `disarm`. */
const CHECKING: Readonly<Record<Dialect, { off: string[]; on: string[] }>> = {
  sqlite: {
    off: ['PRAGMA ignore_check_constraints = ON', 'PRAGMA defer_foreign_keys = ON'],
    on: ['PRAGMA ignore_check_constraints = OFF'],
  },
  mysql: {
    off: ['SET check_constraint_checks = 0', 'SET foreign_key_checks = 0'],
    on: ['SET check_constraint_checks = 1', 'SET foreign_key_checks = 1'],
  },
  mssql: { off: ["EXEC sp_MSforeachtable 'ALTER TABLE ? NOCHECK CONSTRAINT ALL'"], on: [] },
  oracle: { off: [], on: [] },
};

class Undone extends Error {}

/** What `verify` says after the statement, which is rolled back afterwards. */
async function verdictAfter(database: Database, statement: string): Promise<LedgerVerdict> {
  const { off, on } = CHECKING[database.dialect];
  let verdict: LedgerVerdict | undefined;
  const work = database.transaction(async (tx) => {
    const run = (text: string) => tx.execute({ pieces: [text] });
    for (const text of off) await run(text);
    try {
      expect(await run(statement), statement).to.be.greaterThan(0);
      verdict = await verifyLedger(tx);
    } finally {
      for (const text of on) await run(text);
    }
    throw new Undone();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  if (!verdict) throw new Error('no verdict');
  return verdict;
}

/** What is done to a book → the checks that must fail, and no others. */
const CORRUPTIONS: readonly [statement: string, checks: string[]][] = [
  [
    "UPDATE device SET state = 'scrapped', bucket = NULL WHERE id = (SELECT MIN(device_id) FROM device_event)",
    ['device.last_event'],
  ],
  ["UPDATE device SET cost_fen = cost_fen + 1 WHERE state = 'sold'", ['device.last_event']],
  [
    "UPDATE device SET cost_fen = cost_fen + 1 WHERE bucket = 'sellable' AND store_id = 2",
    ['device.last_event', 'stock.devices'],
  ],
  ["UPDATE device SET ownership = 'own' WHERE state = 'sold'", ['device.last_event', 'device.place']],
  ['UPDATE device_event SET cost_change_fen = cost_change_fen + 5 WHERE seq = 2', ['device.chain']],
  [
    'DELETE FROM device_event WHERE seq = 1 AND to_store_id = 2',
    ['device.last_event', 'device.chain', 'posting.complete'],
  ],
  [
    "UPDATE device_identifier SET active_key = '000000000000000' WHERE id = (SELECT MIN(device_id) FROM device_event)",
    ['device.numbers'],
  ],
  ['DELETE FROM device_identifier WHERE device_id = (SELECT MIN(device_id) FROM device_event)', ['device.numbers']],
  ['UPDATE stock_balance SET value_fen = value_fen + 1 WHERE by_device = 0', ['stock.balance']],
  ['UPDATE stock_balance SET quantity = -1 WHERE by_device = 0', ['stock.balance', 'stock.limits']],
  [
    'UPDATE stock_entry SET value_fen = value_fen + 1 WHERE sku_id = 601 AND quantity = -2',
    ['stock.balance', 'journal.inventory'],
  ],
  ['UPDATE stock_entry SET store_id = 2 WHERE sku_id = 601 AND quantity = -2', ['stock.balance', 'journal.inventory']],
  [
    'DELETE FROM stock_entry WHERE sku_id = 601 AND quantity = -2',
    ['stock.balance', 'journal.inventory', 'posting.complete'],
  ],
  ['UPDATE journal_line SET debit_fen = debit_fen + 1 WHERE debit_fen = 900000', ['journal.balanced']],
  ['DELETE FROM journal_line WHERE debit_fen = 900000 OR credit_fen = 900000', ['posting.complete']],
  ['UPDATE journal_line SET store_id = 1 WHERE store_id = 2 AND debit_fen = 300000', ['journal.inventory']],
  ['UPDATE journal_line SET party_id = 72 WHERE debit_fen = 7000', ['open_item.control']],
  [
    'UPDATE journal_line SET debit_fen = debit_fen - 1 WHERE debit_fen < 0',
    ['journal.balanced', 'journal.inventory', 'posting.reversal'],
  ],
  ['UPDATE open_item SET settled_fen = settled_fen - 1 WHERE settled_fen = 7000', ['open_item.settled']],
  ['UPDATE open_item SET settled_fen = amount_fen + 1 WHERE settled_fen = 0', ['open_item.settled']],
  ['UPDATE open_item SET amount_fen = amount_fen + 1 WHERE settled_fen = 0', ['open_item.control']],
  ["UPDATE open_item SET amount_fen = amount_fen - 1 WHERE direction = 'accrued'", ['open_item.control']],
  ["UPDATE open_item SET party_id = 72 WHERE direction = 'accrued'", ['open_item.control']],
  ["UPDATE open_item SET direction = 'payable' WHERE direction = 'accrued'", ['open_item.control']],
  ['UPDATE journal_line SET party_id = 72 WHERE credit_fen = 88000', ['open_item.control']],
  ['DELETE FROM settlement WHERE amount_fen = 7000', ['open_item.control', 'open_item.settled', 'posting.complete']],
  ['UPDATE posting SET stock_entries = stock_entries + 1 WHERE reverses_id IS NOT NULL', ['posting.complete']],
  ['UPDATE posting SET posted_at = posted_at + 1000000000000 WHERE reverses_id IS NOT NULL', ['period.closed']],
];

describe('ledger verify', () => {
  forEachDatabase((context) => {
    it('finds nothing in sound books', async () => {
      const { uow, database } = await context.openUow();
      expect((await verifyLedger(database.read)).ok).to.equal(true);
      await lively(uow);
      await uow.run(actor, (unit) => closePeriod(unit, '2026-11'));
      const verdict = await verifyLedger(database.read);
      expect(verdict.checks.filter((check) => !check.ok)).to.deep.equal([]);
      expect(verdict.checks.map((check) => check.id)).to.deep.equal(ledgerChecks.map((check) => check.id));
    });

    it('finds each book that was changed by hand, and only that', async () => {
      const { uow, database } = await context.openUow();
      await lively(uow);
      await uow.run(actor, (unit) => closePeriod(unit, '2026-11'));
      await disarm(database);
      const seen = new Set<string>();
      for (const [statement, expected] of CORRUPTIONS) {
        const verdict = await verdictAfter(database, statement);
        const failed = verdict.checks.filter((check) => !check.ok);
        const names = failed.map((check) => check.id);
        expect(names, `${statement}\n${JSON.stringify(failed, undefined, 1)}`).to.have.members(expected);
        for (const check of failed) {
          seen.add(check.id);
          expect(check.count).to.be.greaterThan(0);
          expect(check.findings.length).to.equal(Math.min(check.count, 20));
          for (const finding of check.findings) expect(finding).to.match(/\d/).and.not.include('undefined');
        }
      }
      expect([...seen]).to.have.members(ledgerChecks.map((check) => check.id));
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('the database itself refuses to change or delete what is append-only', async () => {
      const { uow, database } = await context.openUow();
      await lively(uow);
      for (const table of APPEND_ONLY)
        for (const text of [`UPDATE ${table} SET id = id`, `DELETE FROM ${table}`]) {
          const error = await database
            .transaction((tx) => tx.execute({ pieces: [text] }))
            .catch((caught: unknown) => caught);
          expect(String(error), text).to.include('append-only');
        }
    });

    it('a closed month takes no posting until it is opened again', async () => {
      const { uow } = await context.openUow();
      const run = (n: number) => uow.run(actor, (unit) => post(unit, receipt([{ number: imei(n), costFen: 1 }])));
      await run(1);
      await uow.run(actor, (unit) => closePeriod(unit, '2026-11'));
      const error = (await run(2).catch((caught: unknown) => caught)) as { code?: string };
      expect(error.code).to.equal('ledger:error.period_closed');
      await uow.run(actor, (unit) => openPeriod(unit, '2026-11'));
      await run(2);
      expect((await verifyLedger(uow.database.read)).ok).to.equal(true);
    });
  });
});
