import { expect } from 'chai';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { retireKeys, rotateKeys } from '../../../src/app/keys/keys';
import { sealedColumns } from '../../../src/app/keys/sealed-columns';
import {
  createCustomer,
  customer,
  ensureCustomer,
  findCustomerByPhone,
  searchCustomers,
} from '../../../src/modules/crm';
import { addSupplier } from '../../../src/modules/purchasing';
import { findSuppliers } from '../../../src/modules/purchasing/queries/find-in-purchasing';
import { loadConfig } from '../../../src/platform/config';
import { addKey, createKeyRing, openKeyRing, readKeyFile, useKey } from '../../../src/platform/crypto';
import { sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { reseal } from '../../../src/platform/sealing';
import { type DatabaseContext, forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const actor = systemActor('test');
const PEOPLE = 220;
const phoneOf = (n: number): string => `139${String(n).padStart(8, '0')}`;
const nameOf = (n: number): string => `${'王李张刘陈'[n % 5]}小${'明红强'[n % 3]}`;

describe('the change of the key of searchable hashes', function () {
  this.timeout(180_000);
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-search-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  forEachDatabase((context) => {
    it('finds everybody and gives no number twice while it goes on, is interrupted, resumed and followed late', async () => {
      const { services, keyFile } = await bench(context, folder);
      const { uow, database } = services;
      const keys = openKeyRing(keyFile);
      for (let n = 0; n < PEOPLE; n += 1)
        await createCustomer(uow, actor, keys, { name: nameOf(n), phone: phoneOf(n) });
      await uow.run(actor, (unit) =>
        addSupplier(unit, keys, { name: '华盛', contact: '李建国', phone: '025-8888 0000' }),
      );
      const hashes = async () => {
        const row = await database.read.one<{ odd: number; even: number }>(
          sql`SELECT COUNT(phone_hash) AS odd, COUNT(phone_hash_alt) AS even FROM customer`,
        );
        return [Number(row?.odd), Number(row?.even)];
      };
      expect(await hashes()).to.deep.equal([PEOPLE, 0]);

      // Two servers: one knows the new key, the other does not yet.
      const { id } = addKey(keyFile, Date.now());
      const late = createKeyRing({
        ...readKeyFile(keyFile),
        keys: new Map([...readKeyFile(keyFile).keys].slice(0, 1)),
      });
      useKey(keyFile, id);
      const early = createKeyRing(readKeyFile(keyFile));
      expect([late.searchId, early.searchId]).to.deep.equal(['k1', 'k2']);
      const checkAll = async (when: string) => {
        for (const n of [0, 50, 99, 100, 101, 150, PEOPLE - 1]) {
          expect(await findCustomerByPhone(database.read, early, phoneOf(n)), `${when}: ${n}`).to.include({
            name: nameOf(n),
          });
          for (const ring of [late, early])
            expect(
              (await refusal(createCustomer(uow, actor, ring, { phone: phoneOf(n) }))).fields[0]?.code,
              `${when}: ${n}`,
            ).to.equal('crm:error.phone_taken');
        }
        const named = await searchCustomers(database.read, early, '王小明', 50);
        expect(named.length, when).to.equal(
          Array.from({ length: PEOPLE }, (_, n) => nameOf(n)).filter((one) => one === '王小明').length,
        );
        expect(await findSuppliers(database.read, early, '李建国'), when).to.have.length(1);
      };
      await checkAll('before the run');
      // New people come through both, for the same numbers at once.
      let next = 500;
      const signUp = async (): Promise<void> => {
        const phone = phoneOf(next++);
        const both = await Promise.all(
          [late, early].map((ring) =>
            uow
              .run(actor, (unit) => ensureCustomer(unit, ring, { phone, name: '新人' }))
              .then(
                ({ id: made }) => made,
                () => null,
              ),
          ),
        );
        const found = await findCustomerByPhone(database.read, early, phone);
        expect(found?.id).to.be.a('number');
        for (const made of both) if (made !== null) expect(made, phone).to.equal(found?.id);
      };
      for (let round = 0; round < 5; round += 1) await signUp();
      let batches = 0;
      const stopped = reseal(uow, sealedColumns, {
        keys: early,
        keyId: 'k2',
        onProgress: async () => {
          await signUp();
          if ((batches += 1) === 4) throw new Error('power cut');
        },
      });
      expect(await stopped.then(() => '', String)).to.include('power cut');
      await checkAll('interrupted');

      const resumed = await rotateKeys(services, actor);
      expect([resumed.begun, resumed.key]).to.deep.equal([false, 'k2']);
      let over = false;
      const selling = (async () => {
        while (!over) await signUp();
      })();
      await resumed.over;
      over = true;
      await selling;
      // What the late server wrote after its rows were passed is done by one more run.
      await (
        await rotateAgain(services)
      ).over;
      await checkAll('done');
      const total = (await database.read.find(customer, {})).length;
      expect(await hashes()).to.deep.equal([total, total]);
      const twice = await database.read.all(
        sql`SELECT phone_hash_alt FROM customer GROUP BY phone_hash_alt HAVING COUNT(*) > 1`,
      );
      expect(twice).to.deep.equal([]);

      utimesSync(keyFile, new Date(), new Date(Date.now() - 120_000));
      expect((await retireKeys(services, actor)).retired).to.deep.equal(['k1']);
      expect(await hashes(), 'nothing is left that the old key would open').to.deep.equal([0, total]);
      const alone = openKeyRing(keyFile);
      expect(alone.searchHashes('x', 'y')).to.have.length(1);
      expect(await findCustomerByPhone(database.read, alone, phoneOf(7))).to.include({ name: nameOf(7) });
      expect((await searchCustomers(database.read, alone, 'wxm', 50)).length).above(3);
      expect(await findSuppliers(database.read, alone, '李建国')).to.have.length(1);
      expect((await refusal(createCustomer(uow, actor, alone, { phone: phoneOf(7) }))).fields[0]?.code).to.equal(
        'crm:error.phone_taken',
      );
      // Seals and other hashes that cannot be made anew are as they were.
      expect(alone.hash('x', 'y')).to.equal(keys.hash('x', 'y'));
      expect(alone.searchHash('x', 'y')).not.to.equal(keys.hash('x', 'y'));

      // Once more: the columns take turns.
      const third = await rotateKeys(services, actor);
      await third.over;
      expect([third.key, await hashes()]).to.deep.equal(['k3', [total, total]]);
      utimesSync(keyFile, new Date(), new Date(Date.now() - 120_000));
      await retireKeys(services, actor);
      expect(await hashes()).to.deep.equal([total, 0]);
      expect(await findCustomerByPhone(database.read, openKeyRing(keyFile), phoneOf(7))).to.include({
        name: nameOf(7),
      });
    });
  });

  /** As long as something waits, the run goes on with the same key. */
  const rotateAgain = async (services: Parameters<typeof rotateKeys>[0]) => {
    const { keyStatus } = await import('../../../src/app/keys/keys');
    const { waiting } = await keyStatus(services);
    return waiting === 0 ? { over: Promise.resolve() } : rotateKeys(services, actor);
  };
});

async function bench(context: DatabaseContext, folder: string) {
  const { database, uow } = await context.openUow({});
  const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused', ERP_DATA_DIR: folder } });
  const services = { config, database, uow, clock: Date.now, log: silentLogger() };
  return { services, keyFile: config.security.keyFile };
}
