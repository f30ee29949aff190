import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keyStatus, sealPlainText } from '../../../src/app/keys/keys';
import { sealedColumns } from '../../../src/app/keys/sealed-columns';
import { createCustomer, customer, customersByIds, searchCustomers } from '../../../src/modules/crm';
import { customerFile } from '../../../src/modules/crm/use-cases/personal-file';
import { updateCustomer } from '../../../src/modules/crm/use-cases/save-customer';
import { addSupplier } from '../../../src/modules/purchasing';
import { findSuppliers } from '../../../src/modules/purchasing/queries/find-in-purchasing';
import { loadConfig } from '../../../src/platform/config';
import { openKeyRing } from '../../../src/platform/crypto';
import { chunked, sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { reseal } from '../../../src/platform/sealing';
import { searchKey } from '../../../src/platform/text-search';
import { type DatabaseContext, forEachDatabase } from '../../support/databases';

const actor = systemActor('test');

describe('names that are encrypted', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-names-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  forEachDatabase((context) => {
    it('are found by any part, initials and pinyin, and are nowhere in the database', async () => {
      const { services, keys } = await bench(context, folder);
      const { uow, database } = services;
      const make = async (name: string, phone: string) => (await createCustomer(uow, actor, keys, { name, phone })).id;
      const wang = await make('王小明', '13800000001');
      const shan = await make('单小雨', '13800000002');
      const tom = await make('Tom Hanks', '13800000003');
      const found = async (text: string) =>
        (await searchCustomers(database.read, keys, text)).map(({ id }) => id).sort((a, b) => a - b);
      for (const text of ['王', '王小', '小明', '明', 'w', 'wxm', 'xm', 'wangx', 'xiaoming', '王 xm', '王小明', '王xm'])
        expect(await found(text), text).to.deep.equal([wang]);
      expect(await found('小')).to.deep.equal([wang, shan]);
      expect(await found('shan')).to.deep.equal([shan]);
      for (const text of ['tom', 'HANK', 'th', 'tom hanks']) expect(await found(text), text).to.deep.equal([tom]);
      for (const text of ['明小', '张', 'zhang', '·', '王 雨']) expect(await found(text), text).to.deep.equal([]);
      const code = (await database.read.get(customer, shan))?.code ?? '';
      for (const text of [code, code.toLowerCase(), String(shan)]) expect(await found(text), text).to.include(shan);

      const version = 1;
      await updateCustomer(uow, actor, keys, { id: wang, name: '王大雷', version });
      expect([await found('小明'), await found('大雷')]).to.deep.equal([[], [wang]]);
      expect((await customersByIds(database.read, keys, [wang, tom])).get(wang)).to.include({ name: '王大雷' });
      for (const table of ['customer', 'customer_name_token', 'audit_log', 'operation']) {
        const text = JSON.stringify(await database.read.all(sql`SELECT * FROM ${sql.identifier(table)}`));
        for (const part of ['小明', '大雷', '小雨', 'Hanks', 'hanks', 'xiaoming', 'sxy'])
          expect(text, `${table}: ${part}`).not.to.include(part);
      }
      await uow.run(actor, (unit) => customerFile.forget(unit, wang));
      const left = await database.read.all(sql`SELECT id FROM customer_name_token WHERE customer_id = ${wang}`);
      expect([left, await found('大雷')]).to.deep.equal([[], []]);
    });

    it('of an earlier version are encrypted once, after an interruption too, and found all the time', async () => {
      const { services, keys, keyFile } = await bench(context, folder);
      const { uow, database } = services;
      const ids: number[] = [];
      for (let n = 0; n < 230; n += 1)
        ids.push((await createCustomer(uow, actor, keys, { name: `陈${1000 + n}号` })).id);
      // As the version before wrote them.
      for (const part of chunked(ids))
        await uow.run(actor, async (unit) => {
          for (const id of part) {
            const name = `陈${1000 + ids.indexOf(id)}号`;
            await unit.execute(sql`UPDATE customer SET name = ${name}, search_key = ${searchKey(name, 'person')},
              name_cipher = NULL, name_index = NULL WHERE id = ${id}`);
          }
          await unit.execute(sql`DELETE FROM customer_name_token WHERE customer_id IN (${sql.list(part)})`);
        });
      expect(await keyStatus(services)).to.include({ plain: 230 });
      expect((await customersByIds(database.read, keys, [ids[7] ?? 0])).get(ids[7] ?? 0)?.name).to.equal('陈1007号');
      const stopped = reseal(uow, sealedColumns, {
        keys: openKeyRing(keyFile),
        keyId: 'k1',
        onProgress: () => {
          throw new Error('power cut');
        },
      });
      expect(await stopped.then(() => '', String)).to.include('power cut');
      expect((await keyStatus(services)).plain).to.equal(130);
      const now = Date.now();
      await uow.run(actor, (unit) =>
        unit.execute(sql`INSERT INTO upkeep_run (id, kind, state, started_by_name, started_at, seen_at, done, total)
          VALUES (${900}, ${'reseal'}, ${'running'}, ${'test'}, ${now}, ${now}, ${0}, ${0})`),
      );
      for (const at of [7, 229]) {
        const found = await searchCustomers(database.read, keys, `陈${1000 + at}`);
        expect(
          found.map(({ id }) => id),
          'both those encrypted and those that are not yet',
        ).to.deep.equal([ids[at]]);
      }
      await uow.run(actor, (unit) => unit.execute(sql`DELETE FROM upkeep_run WHERE id = ${900}`));
      await sealPlainText(services);
      expect(await keyStatus(services)).to.include({ plain: 0, waiting: 0, lost: 0 });
      const rows = await database.read.find(customer, {});
      expect(
        rows.every(({ name, searchKey: key, nameIndex }) => name === null && key === null && nameIndex === 'k1'),
      ).to.equal(true);
      expect((await searchCustomers(database.read, keys, '陈1229')).map(({ id }) => id)).to.deep.equal([ids[229]]);
      const tokens = await database.read.one<{ n: number }>(sql`SELECT COUNT(*) AS n FROM customer_name_token`);
      await sealPlainText(services);
      expect(await database.read.one(sql`SELECT COUNT(*) AS n FROM customer_name_token`)).to.deep.equal(tokens);
      // Lost tokens are made again.
      await uow.run(actor, (unit) => unit.execute(sql`UPDATE customer SET name_index = ${'k0'} WHERE id = ${ids[3]}`));
      await sealPlainText(services);
      expect(await database.read.one(sql`SELECT COUNT(*) AS n FROM customer_name_token`)).to.deep.equal(tokens);
      expect((await database.read.get(customer, ids[3] ?? 0))?.nameIndex).to.equal('k1');
    });

    it('of contacts of suppliers are encrypted as well, and found as a whole', async () => {
      const { services, keys } = await bench(context, folder);
      const { uow, database } = services;
      const id = await uow.run(actor, (unit) => addSupplier(unit, keys, { name: '华盛通讯', contact: '李 建国' }));
      const find = (text: string) => findSuppliers(database.read, keys, text);
      expect((await find('李建国'))[0]).to.include({ id, contact: '李 建国' });
      expect([await find('建国'), (await find('hstx')).length]).to.deep.equal([[], 1]);
      await uow.run(actor, (unit) =>
        unit.execute(sql`UPDATE supplier SET contact = ${'李 建国'}, contact_cipher = NULL, contact_hash = NULL,
          search_key = ${searchKey('华盛通讯 李 建国')} WHERE id = ${id}`),
      );
      await sealPlainText(services);
      const text = JSON.stringify(await database.read.all(sql`SELECT * FROM supplier`));
      expect(text).not.to.include('建国').and.not.include('ljg').and.not.include('jianguo');
      expect((await find('李建国'))[0]).to.include({ id, contact: '李 建国' });
    });
  });
});

async function bench(context: DatabaseContext, folder: string) {
  const { database, uow } = await context.openUow({});
  const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused', ERP_DATA_DIR: folder } });
  const services = { config, database, uow, clock: Date.now, log: silentLogger() };
  const { keyFile } = config.security;
  return { services, keyFile, keys: openKeyRing(keyFile) };
}
