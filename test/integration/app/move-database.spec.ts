import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { copyDatabase, switchBack, switchDatabase } from '../../../src/app/backup';
import { allTables } from '../../../src/app/all-tables';
import { differences, figuresOf } from '../../../src/platform/backup';
import { type Database, openDatabase, openSnapshot } from '../../../src/platform/database';
import { backupBench } from '../../support/backups';
import { databaseContext, forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

async function figures(database: Database) {
  const snapshot = await openSnapshot(database);
  try {
    return await figuresOf(snapshot, allTables);
  } finally {
    await snapshot.close();
  }
}

describe('moving to another database', function () {
  this.timeout(180_000);

  forEachDatabase((context) => {
    const other = databaseContext(context.kind === 'sqlite' ? 'mariadb' : 'sqlite');

    it('brings every row, and back, and says when one is not the same', async () => {
      const bench = await backupBench(context);
      const from = bench.services.database;
      const before = await figures(from);
      const url = await other.freshUrl();
      const copied = await copyDatabase({ from, url });
      expect(copied.rows).above(150);
      expect(differences(before, await figures(from))).to.deep.equal([]);
      const moved = await openDatabase(url, { poolSize: 1 });
      try {
        expect(differences(before, await figures(moved))).to.deep.equal([]);
        const back = await context.freshUrl();
        expect((await copyDatabase({ from: moved, url: back })).rows).to.equal(copied.rows);
        await moved.dataSource.query("UPDATE sale SET cashier_name = 'x', gross_fen = gross_fen + 1");
        const found = differences(before, await figures(moved));
        expect(found.map(({ table, what }) => `${table} ${what}`)).to.deep.equal(['sale gross_fen', 'sale sha256']);
      } finally {
        await moved.close();
      }
      expect(await refusal(copyDatabase({ from, url }))).to.include({ code: 'backup:error.not_empty' });
      bench.release();
    });

    it('does not count when somebody sold something meanwhile', async () => {
      const bench = await backupBench(context);
      const url = await other.freshUrl();
      let sold: Promise<unknown> | undefined;
      const copy = copyDatabase({
        from: bench.services.database,
        url,
        onProgress: () => void (sold ??= bench.sellCharger()),
      });
      expect(await refusal(copy)).to.include({ code: 'backup:error.changed_meanwhile' });
      await sold;
      const emptied = await openDatabase(url, { poolSize: 1 });
      const tables = await emptied.dataSource.createQueryRunner().getTables([]);
      await emptied.close();
      expect(tables).to.deep.equal([]);
      bench.release();
    });
  });

  it('is switched in one step, which can be taken back; comments stay, a password gets a file of its own', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'erp-switch-'));
    try {
      const file = path.join(folder, 'config.yaml');
      const old = '# ours\ndatabase:\n  # the old one\n  url: sqlite:/srv/old.sqlite\n  poolSize: 4\nlocale: en\n';
      writeFileSync(file, old, { mode: 0o600 });
      switchDatabase(file, 'mysql://erp:s3cret%21@10.0.0.5/shop');
      const text = readFileSync(file, 'utf8');
      expect(text)
        .to.match(/# ours/)
        .and.match(/# the old one/)
        .and.match(/poolSize: 4/);
      expect(text)
        .to.match(/url: mysql:\/\/erp@10\.0\.0\.5\/shop/)
        .and.not.match(/s3cret/);
      expect(readFileSync(/passwordFile: (.+)/.exec(text)?.[1] ?? '', 'utf8')).to.equal('s3cret!\n');
      switchBack(file);
      expect(readFileSync(file, 'utf8')).to.equal(old);
      switchBack(file);
      expect(readFileSync(file, 'utf8')).to.equal(text);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
