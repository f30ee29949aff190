import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { runBackup, verifyBackup } from '../../../src/app/backup';
import { restoreBackup } from '../../../src/app/backup/restore-backup';
import { RESTORE_MARK, SchemaMismatch, schemaState } from '../../../src/app/schema-state';
import { openFileStore } from '../../../src/platform/attachments';
import { attachment } from '../../../src/platform/attachments/tables';
import { newKeyPair, readBackup } from '../../../src/platform/backup';
import type { BackupTarget } from '../../../src/platform/backup-targets';
import { openTarget } from '../../../src/platform/backup-targets';
import { openKeyRing } from '../../../src/platform/crypto';
import { openDatabase, sql } from '../../../src/platform/database';
import { isSealed } from '../../../src/platform/sealed-files';
import { backupBench, type BackupBench } from '../../support/backups';
import { databaseContext, forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const once = (file: string, change: (content: Buffer) => Buffer): Readable =>
  Readable.from([change(readFileSync(file))]);

describe('a backup', function () {
  this.timeout(180_000);
  let bench: BackupBench;
  afterEach(() => bench.release());

  forEachDatabase((context) => {
    const other = databaseContext(context.kind === 'sqlite' ? 'mariadb' : 'sqlite');

    it('is one moment while people sell, and goes into an empty database of any kind', async () => {
      bench = await backupBench(context);
      const { services, keys, sellCharger, folder } = bench;
      const sold: Promise<unknown>[] = [];
      const before = await countSales(services.database.read);
      const created = await bench.backup({
        onProgress: () => void (sold.length < 6 && sold.push(sellCharger())),
      });
      await Promise.all(sold);
      expect(sold).to.have.length(6);
      expect(created.bookFindings).to.equal(0);
      expect(readdirSync(path.join(folder, 'made'))).to.deep.equal([created.name]);
      for (const url of [await other.freshUrl(), `sqlite:${path.join(folder, 'new', 'shop.sqlite')}`]) {
        const place = { dataDir: path.join(folder, 'place'), keyFile: path.join(folder, 'place', 'secret.key') };
        const file = createReadStream(created.file);
        const restored = await restoreBackup({ file, opening: { identities: [keys.identity] }, url, place });
        expect(restored.rows).to.equal(created.rows);
        expect(restored.books).to.include({ findings: 0 });
        expect(restored.attachments).to.include({ files: 1 });
        expect(existsSync(path.join(folder, 'place', 'attachments'))).to.equal(true);
        const database = await openDatabase(url, { poolSize: 1 });
        try {
          expect(await countSales(database.read)).to.equal(before);
          expect(await schemaState(database)).to.deep.equal({ state: 'current' });
          const [row] = await database.read.find(attachment, {});
          const stored = openFileStore(place.dataDir, openKeyRing(place.keyFile));
          expect(isSealed(await stored.readStored(row?.sha256 ?? ''))).to.equal(true);
          expect(await buffer(await stored.read(row?.sha256 ?? ''))).to.have.length(row?.sizeBytes ?? 0);
        } finally {
          await database.close();
        }
      }
    });

    it('leaves nothing when what comes is damaged, and refuses a database that is in use', async () => {
      bench = await backupBench(context);
      const created = await bench.backup();
      const opening = { identities: [bench.keys.identity] };
      const url = await context.freshUrl();
      const cut = (): Readable => once(created.file, (content) => content.subarray(0, content.length - 100));
      expect(await refusal(restoreBackup({ file: cut(), opening, url }))).to.include({ code: 'backup:error.damaged' });
      const database = await openDatabase(url, { poolSize: 1 });
      try {
        const tables = await database.dataSource.createQueryRunner().getTables([]);
        expect(tables).to.deep.equal([]);
        // As a restore that was killed leaves it: nobody may serve it, and the next run begins anew.
        await database.dataSource.query(
          'CREATE TABLE schema_step (step_key varchar(80) PRIMARY KEY, finished_at bigint)',
        );
        await database.dataSource.query(`INSERT INTO schema_step VALUES ('${RESTORE_MARK}', 1)`);
        expect(await schemaState(database).catch((error: unknown) => error)).to.be.instanceOf(SchemaMismatch);
      } finally {
        await database.close();
      }
      const restore = () => restoreBackup({ file: createReadStream(created.file), opening, url });
      expect((await restore()).rows).to.equal(created.rows);
      expect(await refusal(restore())).to.include({ code: 'backup:error.not_empty' });
    });
  });

  describe('read again', () => {
    const context = databaseContext('sqlite');

    it('names the part in which a byte was changed, whichever it is', async () => {
      bench = await backupBench(context);
      const { file, name } = await bench.backup({ encrypted: false });
      const opening = { identities: [] };
      const whole = readFileSync(file);
      const { manifest } = await readBackup(createReadStream(file), { opening });
      expect(manifest.parts.length).above(30);
      for (const part of [...manifest.parts.map((one) => one.name), 'manifest.json', 'SHA256SUMS']) {
        const header = whole.indexOf(Buffer.from(`${String.fromCharCode(part.length)}\0\0\0${part}`)) + 4 + part.length;
        const changed = Buffer.from(whole);
        changed[header + 5] = (changed[header + 5] ?? 0) ^ 1;
        const found = { name, bytes: 1, open: () => Promise.resolve(Readable.from([changed])) };
        expect(await verifyBackup(found, opening)).to.deep.equal({ ok: false, name, part });
      }
    });

    it('tells another key, no key, and a newer version', async () => {
      bench = await backupBench(context);
      const { file } = await bench.backup();
      const url = `sqlite:${path.join(bench.folder, 'x.sqlite')}`;
      const stranger = await newKeyPair();
      const restore = (identities: string[], from = createReadStream(file)) =>
        refusal(restoreBackup({ file: from, opening: { identities }, url }));
      expect(await restore([stranger.identity])).to.include({ code: 'backup:error.wrong_key' });
      expect(await restore([])).to.include({ code: 'backup:error.key_missing' });
      await bench.services.database.dataSource.query("INSERT INTO schema_step VALUES ('9999-later/0', NULL, 1)");
      const newer = await bench.backup();
      expect(await restore([bench.keys.identity], createReadStream(newer.file))).to.include({
        code: 'backup:error.newer',
      });
      expect(existsSync(path.join(bench.folder, 'x.sqlite'))).to.equal(false);
    });
  });

  describe('sent to targets', () => {
    const context = databaseContext('sqlite');
    const configured = (allowUnencrypted: boolean) => ({
      ...bench.services,
      config: {
        ...bench.services.config,
        backup: {
          ...bench.services.config.backup,
          allowUnencrypted,
          recipients: allowUnencrypted ? [] : [bench.keys.recipient],
        },
      },
    });
    const folderTarget = (name: string): BackupTarget =>
      openTarget(
        { id: name, kind: 'local', path: path.join(bench.folder, name) },
        { dataDir: path.join(bench.folder, 'data') },
      );

    it('lies on each that works, and on none half; a run that was killed is cleaned up', async () => {
      bench = await backupBench(context);
      const context_ = configured(false);
      const { spoolDir } = context_.config.backup;
      // No process has the first number; the second is this one's, as in a container that was started again.
      for (const dead of ['run-4194304-Aa1', `run-${process.pid}-Bb2`]) {
        mkdirSync(path.join(spoolDir, dead), { recursive: true });
        writeFileSync(path.join(spoolDir, dead, 'phone-erp-erp-20260101T000000Z-0016.zip.age'), 'whole');
      }
      const good = folderTarget('good');
      const lying: BackupTarget = {
        ...folderTarget('lying'),
        get: () => Promise.resolve(Readable.from([Buffer.from('something else')])),
      };
      const broken: BackupTarget = {
        ...folderTarget('broken'),
        put: () => Promise.reject(new Error('the line is dead')),
      };
      const outcome = await runBackup(context_, { targets: [good, lying, broken] });
      expect(outcome.ok).to.equal(false);
      expect(outcome.targets.map(({ ok }) => ok)).to.deep.equal([true, false, false]);
      expect(outcome.targets[1]?.error?.code).to.equal('backup:error.read_back');
      expect(outcome.targets[2]?.error?.details).to.deep.equal({ message: 'the line is dead' });
      expect((await good.list()).map(({ name }) => name)).to.deep.equal([outcome.name]);
      expect(await lying.list()).to.deep.equal([]);
      expect(readdirSync(spoolDir)).to.deep.equal([]);
    });

    it('is made without a key only where that is allowed, and then holds no key', async () => {
      bench = await backupBench(context);
      const target = folderTarget('good');
      expect(await refusal(runBackup(bench.services, { targets: [target] }))).to.include({
        code: 'backup:error.no_key',
      });
      expect(await refusal(runBackup(bench.services, { targets: [] }))).to.include({ code: 'backup:error.no_targets' });
      const outcome = await runBackup(configured(true), { targets: [target] });
      expect(outcome.name).to.match(/\.zip$/);
      const { manifest } = await readBackup(await target.get(outcome.name), { opening: { identities: [] } });
      expect(manifest.parts.map(({ name }) => name)).to.include('configuration/config.json');
      expect(manifest.parts.map(({ name }) => name)).not.to.include('configuration/secret.key');
      // Files are as closed as encrypted columns then, and open where the key file is.
      const place = { dataDir: path.join(bench.folder, 'place'), keyFile: bench.services.config.security.keyFile };
      const url = `sqlite:${path.join(bench.folder, 'open.sqlite')}`;
      const seen: Buffer[] = [];
      const file = () => target.get(outcome.name);
      await readBackup(
        await file(),
        { opening: { identities: [] } },
        { attachment: (_sha256, content) => Promise.resolve(void seen.push(content)) },
      );
      expect(seen.map(isSealed)).to.deep.equal([true]);
      await restoreBackup({ file: await file(), opening: { identities: [] }, url, place });
      const [row] = await bench.services.database.read.find(attachment, {});
      const content = await buffer(
        await openFileStore(place.dataDir, openKeyRing(place.keyFile)).read(row?.sha256 ?? ''),
      );
      expect([content.length, content.subarray(1, 4).toString()]).to.deep.equal([row?.sizeBytes, 'PNG']);
    });

    it('stops when it is told to, and leaves nothing', async () => {
      bench = await backupBench(context);
      const target = folderTarget('good');
      const stop = new AbortController();
      const run = runBackup(configured(false), {
        targets: [target],
        signal: stop.signal,
        onProgress: ({ step }) => void (step === 'write' && stop.abort(new Error('enough'))),
      });
      expect(String(await run.catch((error: unknown) => error))).to.match(/enough/);
      expect(readdirSync(bench.services.config.backup.spoolDir)).to.deep.equal([]);
    });
  });
});

async function countSales(read: BackupBench['services']['database']['read']): Promise<number> {
  const row = await read.one<{ sales: number }>(sql`SELECT COUNT(*) AS sales FROM sale`);
  return Number(row?.sales);
}
