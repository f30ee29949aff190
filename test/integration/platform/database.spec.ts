import { expect } from 'chai';
import { DomainError } from '../../../src/kernel';
import { chunked, col, defineTable, duplicateKey, isRetryable, sql } from '../../../src/platform/database';
import { physicalName } from '../../../src/platform/database/dialect';
import { addColumn, createTable } from '../../../src/platform/database/portable';
import { systemActor } from '../../../src/platform/permissions';
import { auditLog, operation } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';

const actor = systemActor('test');
const columns = {
  id: col.id().primary(),
  code: col.code(20),
  name: col.text(40).nullable(),
  active: col.bool(),
  detail: col.json<{ a: number[] }>().nullable(),
  amountFen: col.money(),
  version: col.int(),
};
const options = {
  indexes: [{ name: 'ux_sample_code', columns: ['code' as const], unique: true }],
  checks: [{ name: 'ck_sample_amount', expression: 'amount_fen >= 0' }],
};
const sample = defineTable('sample', columns, options);

describe('database', () => {
  forEachDatabase((context) => {
    const open = async () => {
      const opened = await context.openUow();
      const runner = opened.database.dataSource.createQueryRunner();
      await runner.dropTable(physicalName('sample', opened.database.dialect), true);
      for (const step of createTable('sample', columns, options)) await step.run(runner, opened.database.dialect);
      await runner.release();
      return opened;
    };
    const row = (id: number, code = `C${id}`) => ({
      id,
      code,
      name: '雪山粉 🍎',
      active: true,
      detail: { a: [1, 2] },
      amountFen: 129_900,
      version: 1,
    });

    it('gives back what was written, decoded', async () => {
      const { database } = await open();
      await database.transaction((tx) =>
        tx.insert(sample, [row(1), { ...row(2), name: '', detail: null, active: false }]),
      );
      expect(await database.read.get(sample, 1)).to.deep.equal(row(1));
      expect(await database.read.get(sample, 2)).to.deep.include({ name: null, detail: null, active: false });
      expect(
        await database.read.one(sql`SELECT SUM(amount_fen) AS total_fen, COUNT(*) AS n FROM sample`),
      ).to.deep.equal({ totalFen: 259_800, n: 2 });
    });

    it('adds columns to a table that others refer to, keeping its rows', async () => {
      const { database } = await open();
      const runner = database.dataSource.createQueryRunner();
      const run = async (steps: ReturnType<typeof createTable>) => {
        for (const step of steps) await step.run(runner, database.dialect);
      };
      await runner.dropTable(physicalName('sample_part', database.dialect), true);
      const part = { id: col.id().primary(), sampleId: col.id().references('sample') };
      await run(createTable('sample_part', part, {}));
      await database.transaction(async (tx) => {
        await tx.insert(sample, [row(1)]);
        await tx.execute(sql`INSERT INTO sample_part (id, sample_id) VALUES (${1}, ${1})`);
      });
      const added = [
        addColumn('sample', 'expiresOn', col.date().nullable()),
        addColumn('sample', 'kind', col.code(8).default("a'b")),
        addColumn('sample', 'place', col.int().default(3)),
      ];
      await run([...added, ...added]);
      expect(await database.read.one(sql`SELECT code, expires_on, kind, place AS r FROM sample`)).to.deep.equal({
        code: 'C1',
        expiresOn: null,
        kind: "a'b",
        r: 3,
      });
      await runner.dropTable(physicalName('sample_part', database.dialect));
      await runner.release();
    });

    it('compares codes byte by byte', async () => {
      const { database } = await open();
      await database.transaction((tx) => tx.insert(sample, [row(1, 'p1'), row(2, 'P1')]));
      expect(await database.read.all(sql`SELECT id FROM sample WHERE code = ${'P1'}`)).to.deep.equal([{ id: 2 }]);
    });

    it('does together what needs nothing of each other, in its order', async () => {
      const { database } = await open();
      const rows = Array.from({ length: 2500 }, (_, index) => row(index + 1));
      const [, changed, read] = await database.transaction((tx) =>
        tx.together([
          () => tx.insert(sample, rows),
          () => tx.execute(sql`UPDATE sample SET amount_fen = ${1} WHERE id = ${2500}`),
          () => tx.get(sample, 2500),
        ]),
      );
      expect(changed).to.equal(1);
      expect(read?.amountFen).to.equal(1);
    });

    it('tells what failed of several things asked for together', async () => {
      const { database } = await open();
      await database.transaction((tx) => tx.insert(sample, [row(1)]));
      const explain = async (work: Promise<void>): Promise<void> => {
        try {
          await work;
        } catch (error) {
          throw duplicateKey(error) === undefined ? error : new RangeError('explained');
        }
      };
      const failed = await database
        .transaction(async (tx) => {
          const earlier = await tx
            .together([
              () => tx.insert(sample, [row(2)]),
              () => explain(tx.insert(sample, [row(1)])),
              () => tx.insert(sample, [row(3)]),
            ])
            .catch((error: unknown) => error);
          expect(earlier).to.be.instanceOf(RangeError);
          if (database.dialect === 'mysql')
            expect(await tx.all(sql`SELECT id FROM sample ORDER BY id`)).to.deep.equal([{ id: 1 }, { id: 2 }]);
          throw earlier;
        })
        .catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(RangeError);
      expect(await database.read.all(sql`SELECT id FROM sample ORDER BY id`)).to.deep.equal([{ id: 1 }]);
    });

    it('keeps nothing that was asked for together with the loser of a deadlock', async () => {
      const { database } = await open();
      await database.transaction((tx) => tx.insert(sample, [row(1), row(2), row(3)]));
      if (database.dialect === 'sqlite') return;
      const raise = (id: number) => sql`UPDATE sample SET amount_fen = amount_fen + 1 WHERE id = ${id}`;
      const both = new Set<number>();
      let meet: () => void = () => undefined;
      const met = new Promise<void>((resolve) => (meet = resolve));
      const work = (own: number, other: number) =>
        database.transaction(async (tx) => {
          await tx.execute(raise(own));
          if (both.add(own).size === 2) meet();
          await met;
          await tx.together([
            () => tx.execute(raise(other)),
            () => tx.insert(sample, [row(own + 10)]),
            () => tx.execute(raise(3)),
          ]);
          return own;
        });
      const ends = await Promise.allSettled([work(1, 2), work(2, 1)]);
      const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
      const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      expect(won).to.have.length(1);
      expect(lost.map(isRetryable)).to.deep.equal([true]);
      const kept = await database.read.all<{ id: number }>(sql`SELECT id FROM sample WHERE id > ${10}`);
      expect(kept).to.deep.equal([{ id: (won[0] ?? 0) + 10 }]);
      expect((await database.read.get(sample, 3))?.amountFen).to.equal(row(3).amountFen + 1);
    });

    it('runs the last work of a transaction before its commit, or not at all', async () => {
      const { database } = await open();
      await database.transaction(
        (tx) => tx.insert(sample, [row(1)]),
        (tx) => tx.insert(sample, [row(2)]),
      );
      const failed = await database
        .transaction(
          (tx) => tx.insert(sample, [row(3)]),
          (tx) => tx.insert(sample, [row(1)]),
        )
        .catch((error: unknown) => error);
      expect(duplicateKey(failed)).to.be.a('string');
      expect(await database.read.all(sql`SELECT id FROM sample ORDER BY id`)).to.deep.equal([{ id: 1 }, { id: 2 }]);
    });

    it('writes thousands of rows in few statements and reads them in chunks', async () => {
      const { database } = await open();
      const rows = Array.from({ length: 2500 }, (_, index) => row(index + 1));
      await database.transaction((tx) => tx.insert(sample, rows));
      const found = await Promise.all(
        chunked(rows.map(({ id }) => id)).map((ids) =>
          database.read.all(sql`SELECT id FROM sample WHERE id IN (${sql.list(ids)})`),
        ),
      );
      expect(found.flat()).to.have.length(2500);
    });

    it('takes wildcards of a search literally and binds hostile text', async () => {
      const { database } = await open();
      await database.transaction((tx) => tx.insert(sample, [row(1, '50%'), row(2, '50x'), row(3, "a'; DROP")]));
      expect(
        await database.read.all(
          sql`SELECT id FROM sample WHERE ${sql.startsWith('code', '50%')} ORDER BY id ${sql.limit(9)}`,
        ),
      ).to.deep.equal([{ id: 1 }]);
      expect(await database.read.all(sql`SELECT id FROM sample WHERE code = ${"a'; DROP"}`)).to.deep.equal([{ id: 3 }]);
    });

    it('refuses a stale version, a text too long, an unsafe integer and a negative balance', async () => {
      const { database } = await open();
      await database.transaction((tx) => tx.insert(sample, [row(1)]));
      await database.transaction((tx) => tx.update(sample, 1, { amountFen: 5 }, 1));
      const attempts = [
        () => database.transaction((tx) => tx.update(sample, 1, { amountFen: 6 }, 1)),
        () => database.transaction((tx) => tx.insert(sample, [row(2, 'x'.repeat(21))])),
        () => database.transaction((tx) => tx.insert(sample, [{ ...row(3), amountFen: 2 ** 53 }])),
        () => database.transaction((tx) => tx.insert(sample, [{ ...row(4), amountFen: -1 }])),
      ];
      const errors = await Promise.all(
        attempts.map((attempt) =>
          attempt().then(
            () => undefined,
            (error: unknown) => error,
          ),
        ),
      );
      expect(errors[0]).to.be.instanceOf(DomainError).with.property('status', 409);
      expect(errors.slice(1, 3)).to.satisfy((all: unknown[]) => all.every((error) => error instanceof RangeError));
      expect(errors[3]).to.be.instanceOf(Error);
      expect((await database.read.get(sample, 1))?.amountFen).to.equal(5);
    });

    it('tells a duplicate key from other errors', async () => {
      const { database } = await open();
      const error: unknown = await database
        .transaction((tx) => tx.insert(sample, [row(1, 'A'), row(2, 'A')]))
        .catch((caught: unknown) => caught);
      expect(duplicateKey(error)).to.be.a('string');
    });

    it('rolls back one unit without its neighbours, and reads see nothing unfinished', async () => {
      const { database, uow } = await open();
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) =>
          uow.run(actor, async (unit) => {
            await unit.insert(sample, [row(unit.takeIds(sample), `U${index}`)]);
            await unit.audit({ action: 'sample.add' });
            if (index % 4 === 0) throw new Error('no');
          }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(30);
      expect(await database.read.one(sql`SELECT COUNT(*) AS n FROM sample`)).to.deep.equal({ n: 30 });
      expect(
        await database.read.one(sql`SELECT COUNT(*) AS n FROM audit_log WHERE action = ${'sample.add'}`),
      ).to.deep.equal({ n: 30 });
    });

    it('does an operation once, however many ask for it at once', async () => {
      const { database, uow } = await open();
      const once = () =>
        uow.run(
          actor,
          async (unit) => {
            const id = unit.takeIds(sample);
            await unit.insert(sample, [row(id)]);
            return { id };
          },
          { operationKey: 'sale-4711-abc' },
        );
      const results = await Promise.all([once(), once(), once(), once()]);
      expect(new Set(results.map(({ id }) => id)).size).to.equal(1);
      expect(await database.read.all(sql`SELECT id FROM sample ORDER BY id`)).to.deep.equal([results[0]]);
      expect(await database.read.find(operation, { operationKey: 'sale-4711-abc' })).to.have.length(1);
    });

    it('gives document numbers without doubles', async () => {
      const { uow } = await open();
      const numbers = await Promise.all(
        Array.from({ length: 60 }, () =>
          uow.run(actor, (unit) => Promise.resolve(unit.documentNumber('XS', 'NJ01', '2026-11-22'))),
        ),
      );
      expect(new Set(numbers).size).to.equal(60);
      expect(numbers[0]).to.match(/^XS261122-NJ01-\d{4}$/);
    });

    it('loses no update when many raise the same row', async () => {
      const { database, uow } = await open();
      await database.transaction((tx) => tx.insert(sample, [{ ...row(1), amountFen: 0 }]));
      await Promise.all(
        Array.from({ length: 30 }, () =>
          uow.run(actor, async (unit) => {
            await unit.lock(sample, [1]);
            const current = await unit.get(sample, 1);
            await unit.update(sample, 1, { amountFen: (current?.amountFen ?? 0) + 1 });
          }),
        ),
      );
      expect((await database.read.get(sample, 1))?.amountFen).to.equal(30);
    });

    it('refuses to change or delete what is append-only', async () => {
      const { database, uow } = await open();
      await uow.run(actor, (unit) => unit.audit({ action: 'x' }));
      for (const query of [sql`UPDATE audit_log SET action = ${'y'}`, sql`DELETE FROM audit_log`])
        expect(await database.transaction((tx) => tx.execute(query)).catch((error: Error) => error.message)).to.match(
          /append-only/,
        );
      expect((await database.read.find(auditLog, {}))[0]?.action).to.equal('x');
    });
  });
});
