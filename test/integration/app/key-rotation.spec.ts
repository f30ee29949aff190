import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filledAddress } from '../../../src/app/backup';
import { keyStatus, retireKeys, rotateKeys, sealPlainText } from '../../../src/app/keys/keys';
import { sealedColumns } from '../../../src/app/keys/sealed-columns';
import { createCustomer, customer } from '../../../src/modules/crm';
import { addStaff, staff } from '../../../src/modules/organization';
import { addSupplier } from '../../../src/modules/purchasing';
import { loadConfig } from '../../../src/platform/config';
import { createKeyRing, openKeyRing, readKeyFile, sealedBy } from '../../../src/platform/crypto';
import { chunked, sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { reseal } from '../../../src/platform/sealing';
import { sealAddress, startUpkeep, upkeepRun } from '../../../src/platform/upkeep';
import { type DatabaseContext, forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const actor = systemActor('test');
const PEOPLE = 250;

describe('the rotation of keys', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  forEachDatabase((context) => {
    it('brings everything under the new key, goes on after an interruption, and lets the old key go', async () => {
      const { services, keyFile } = await bench(context, folder);
      const { uow, database } = services;
      const keys = openKeyRing(keyFile);
      const phones = Array.from({ length: PEOPLE }, (_, n) => `139${String(n).padStart(8, '0')}`);
      for (const phone of phones)
        await createCustomer(uow, actor, keys, { name: '陈强', phone, birthOn: '1990-05-01', note: '要白色的' });
      await uow.run(actor, async (unit) => {
        await addStaff(unit, keys, { code: 'E1', name: '周敏', phone: '13700000000' });
        await addSupplier(unit, keys, { name: '华盛', phone: '025-8888 0000', bankAccount: '6222 0212' });
      });
      const values = PEOPLE * 4 + 3;
      const before = await keyStatus(services);
      expect([before.keys.map(({ used }) => used), before.waiting, before.lost]).to.deep.equal([[values], 0, 0]);

      const first = await rotateKeys(services, actor);
      expect(first.key).to.equal('k2');
      expect((await first.over).result).to.deep.equal({ done: values, unreadable: 0, key: 'k2' });
      const after = await keyStatus(services);
      expect(after.keys.map(({ id, used }) => [id, used])).to.deep.equal([
        ['k1', 0],
        ['k2', values],
      ]);
      const ring = openKeyRing(keyFile);
      const rows = await database.read.find(customer, {});
      expect(rows.map((row) => ring.decrypt(row.phoneCipher ?? '', 'crm.customer.phone'))).to.have.members(phones);

      // Interrupted after the first batch: the next call does the rest, with the same key.
      const second = (await rotateKeys(services, actor)).over;
      await second;
      const third = openKeyRing(keyFile);
      expect((await keyStatus(services)).keys.at(-1)?.used).to.equal(values);
      // A ring that does not follow the file.
      const old = createKeyRing({ ...readKeyFile(keyFile), current: 'k2' });
      await uow.run(actor, (unit) =>
        unit.execute(sql`UPDATE customer SET phone_cipher = ${old.encrypt(phones[0] ?? '', 'crm.customer.phone')}
          WHERE id = ${rows[0]?.id ?? 0}`),
      );
      const stopped = reseal(uow, sealedColumns, {
        keys: third,
        keyId: 'k4',
        onProgress: () => {
          throw new Error('power cut');
        },
      });
      expect(await stopped.then(() => '', String)).to.include('power cut');

      utimesSync(keyFile, new Date(), new Date(Date.now() - 120_000));
      expect((await refusal(retireKeys(services, actor))).code).to.equal('keys:error.in_use');
      const resumed = await rotateKeys(services, actor);
      expect([resumed.key, resumed.begun]).to.deep.equal(['k3', false]);
      await resumed.over;
      expect(await retireKeys(services, actor)).to.deep.equal({ retired: ['k1', 'k2'] });
      expect(Object.keys(JSON.parse(readFileSync(keyFile, 'utf8')).keys as object)).to.deep.equal(['k3']);
      // Hashes stay: the customer is found by the number as before.
      expect(openKeyRing(keyFile).hash('x', 'y')).to.equal(keys.hash('x', 'y'));
      expect((await refusal(retireKeys(services, actor))).code).to.equal('keys:error.too_soon');
    });

    it('takes the address of a restored database along', async () => {
      const { services, keyFile } = await bench(context, folder);
      const [keys, url] = [openKeyRing(keyFile), 'mysql://erp:s3cret@db.example/erp'];
      const work = () => Promise.resolve({ name: 'b.zip.age', addressCipher: sealAddress(keys, url) });
      const { id, over } = await startUpkeep(services, actor, 'restore', work);
      expect((await over).result).to.deep.equal({ name: 'b.zip.age' });
      expect((await (await rotateKeys(services, actor)).over).result).to.include({ done: 1, unreadable: 0 });
      utimesSync(keyFile, new Date(), new Date(Date.now() - 120_000));
      expect(await retireKeys(services, actor)).to.deep.equal({ retired: ['k1'] });
      const run = await services.database.read.get(upkeepRun, id);
      if (!run) throw new Error('the run is gone');
      expect(filledAddress({ keys: openKeyRing(keyFile) }, run)).to.equal(url);
      // Of another installation: the page says so little as of a run without an address.
      const other = openKeyRing(path.join(folder, 'other.key'));
      expect(filledAddress({ keys: other }, run)).to.equal(undefined);
    });

    it('encrypts what an earlier version left in plain text, once', async () => {
      const { services, keyFile } = await bench(context, folder);
      const { uow, database } = services;
      const keys = openKeyRing(keyFile);
      const ids = await uow.run(actor, async (unit) => {
        const made = [];
        for (let n = 0; n < 130; n++) made.push(await addStaff(unit, keys, { code: `E${n}X`, name: '周敏' }));
        return made;
      });
      for (const part of chunked(ids))
        await uow.run(actor, (unit) =>
          unit.execute(sql`UPDATE staff SET phone = ${'13700000000'} WHERE id IN (${sql.list(part)})`),
        );
      expect((await keyStatus(services)).plain).to.equal(130);
      await sealPlainText(services);
      await sealPlainText(services);
      const rows = await database.read.find(staff, {});
      expect(new Set(rows.map(({ phone }) => phone))).to.deep.equal(new Set([null]));
      expect(rows.every(({ phoneCipher }) => phoneCipher?.startsWith(sealedBy('k1')))).to.equal(true);
      expect((await keyStatus(services)).plain).to.equal(0);
    });
  });

  it('is followed by a program that runs already', async () => {
    const keyFile = path.join(folder, 'secret.key');
    const running = openKeyRing(keyFile);
    const { addKey, useKey } = await import('../../../src/platform/crypto');
    useKey(keyFile, addKey(keyFile, Date.now()).id);
    const sealed = openKeyRing(keyFile).encrypt('13812345678', 'p');
    expect(sealed.startsWith(sealedBy('k2'))).to.equal(true);
    expect(running.decrypt(sealed, 'p')).to.equal('13812345678');
    expect(running.encrypt('x', 'p').startsWith(sealedBy('k2'))).to.equal(true);
    expect(readKeyFile(keyFile).hashKey).to.have.length(32);
  });
});

async function bench(context: DatabaseContext, folder: string) {
  const { database, uow } = await context.openUow({});
  const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused', ERP_DATA_DIR: folder } });
  const services = { config, database, uow, clock: Date.now, log: silentLogger() };
  return { services, keyFile: config.security.keyFile };
}
