import { expect } from 'chai';
import { device, verifyLedger } from '../../../src/ledger';
import { openingStockImporter } from '../../../src/modules/inventory/use-cases/import-opening-stock';
import { reverseOpeningStock } from '../../../src/modules/inventory/use-cases/reverse-opening-stock';
import { openingStock } from '../../../src/modules/inventory/store/opening-stock.table';
import { openShift, postSale, saveRegister } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import type { ImportRow } from '../../../src/platform/modules';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleCatalog, type SampleCatalog } from '../../support/sample-catalog';
import { imeiOf } from '../../support/sample-shop';
import { testKeys } from '../../support/auth';

const actor = systemActor('周敏');
const rowsOf = (...rows: Record<string, string>[]): ImportRow[] =>
  rows.map((values, index) => ({ line: index + 2, values }));
const options = { storeId: null, keys: testKeys, today: '2026-11-22', onProgress: () => Promise.resolve() };

describe('opening stock', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let catalog: SampleCatalog;
    beforeEach(async function () {
      this.timeout(90_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 2) }));
      catalog = await sampleCatalog(uow);
    });
    const bring = async (...rows: Record<string, string>[]): Promise<void> => {
      const plan = await openingStockImporter.plan(database.read, actor, rowsOf(...rows), options);
      expect(plan.problems).to.deep.equal([]);
      await uow.run(actor, (unit) => plan.apply(unit, options.onProgress));
    };
    const stock = () =>
      database.read.all(
        sql`SELECT sku_id, store_id, bucket, quantity, value_fen FROM stock_balance WHERE quantity <> 0 ORDER BY sku_id, store_id, bucket`,
      );
    const documents = () => database.read.find(openingStock, {});

    it('is one document a store, in the states and at the costs of the file, and reversed takes everything back', async () => {
      const [phone] = catalog.phoneSkuIds;
      await bring(
        {
          sku: 'MI17-01',
          store: 'NJ01',
          imei1: imeiOf(1),
          imei2: imeiOf(2),
          sn: 'SN1',
          cost: '3,900.10',
          state: '样机',
        },
        { name: '小米 17 12+256G 白', store: 'nj02', imei1: imeiOf(3), costWithTax: '4520', receivedOn: '2026/01/02' },
        { sku: '6934177700019', store: '新街口店', quantity: '3', value: '100.00' },
        { sku: 'CD67', store: 'NJ01', quantity: '2', cost: '10', state: '不良' },
      );
      expect(await stock()).to.deep.equal([
        { skuId: phone, storeId: catalog.storeId, bucket: 'demo', quantity: 1, valueFen: 390_010 },
        { skuId: phone, storeId: catalog.otherStoreId, bucket: 'sellable', quantity: 1, valueFen: 400_000 },
        { skuId: catalog.chargerSkuId, storeId: catalog.storeId, bucket: 'defective', quantity: 2, valueFen: 2000 },
        { skuId: catalog.chargerSkuId, storeId: catalog.storeId, bucket: 'sellable', quantity: 3, valueFen: 10_000 },
      ]);
      expect((await documents()).map((one) => [one.storeId, one.devices, one.quantity, one.valueFen])).to.deep.equal([
        [catalog.storeId, 1, 6, 402_010],
        [catalog.otherStoreId, 1, 1, 400_000],
      ]);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
      for (const { id, version } of await documents()) await reverseOpeningStock(uow, actor, { id, version });
      expect(await stock()).to.deep.equal([]);
      expect((await database.read.find(device, {})).map(({ state }) => state)).to.deep.equal(['void', 'void']);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
      await bring({ sku: 'MI17-01', store: 'NJ01', imei1: imeiOf(1), cost: '1' });
    });

    it('cannot be reversed after one of its devices was sold, by who has no right, or twice', async () => {
      await bring({ sku: 'MI17-01', store: 'NJ01', imei1: imeiOf(1), cost: '3900' });
      const [document] = await documents();
      const command = { id: document?.id ?? 0, version: document?.version ?? 0 };
      const foreign = actorWith({ 'inventory.opening.post': [catalog.otherStoreId] });
      expect((await refusal(reverseOpeningStock(uow, foreign, command))).status).to.be.oneOf([403, 404]);
      const { registerId } = await saveRegister(uow, actor, {
        id: null,
        storeId: catalog.storeId,
        code: '1',
        name: '1',
        active: true,
        version: null,
      });
      await openShift(uow, actor, { registerId, openingFloatFen: 0 });
      const [made] = await database.read.find(device, {});
      await postSale(uow, actor, {
        registerId,
        lines: [{ skuId: catalog.phoneSkuIds[0], deviceId: made?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
      });
      const refused = await refusal(reverseOpeningStock(uow, actor, command));
      expect(refused.status).to.be.oneOf([409, 422]);
      expect((await documents())[0]?.state).to.equal('posted');
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('is refused as a whole when a number came into the books after the check', async () => {
      const rows = rowsOf(
        { sku: 'CD67', store: 'NJ01', cost: '10' },
        { sku: 'MI17-01', store: 'NJ01', imei1: imeiOf(1), cost: '1' },
      );
      const plan = await openingStockImporter.plan(database.read, actor, rows, options);
      await bring({ sku: 'MI17-02', store: 'NJ02', imei1: imeiOf(1), cost: '1' });
      await refusal(uow.run(actor, (unit) => plan.apply(unit, options.onProgress)));
      expect(await documents()).to.have.length(1);
      expect(await stock()).to.have.length(1);
    });

    it('does not guess between products of one name', async () => {
      const found = await openingStockImporter.plan(
        database.read,
        actor,
        rowsOf({ name: '小米 17', store: 'NJ01', cost: '1' }, { name: '碎屏险', store: 'NJ01', cost: '1' }),
        options,
      );
      expect(found.problems.map(({ line, code }) => [line, code])).to.deep.equal([
        [2, 'inventory:import.unknown_name'],
        [3, 'inventory:import.service'],
      ]);
    });
  });
});
