import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parseScanLine } from '../../../src/kernel';
import { device, verifyLedger } from '../../../src/ledger';
import { EVERYTHING, type StocktakeScope } from '../../../src/modules/inventory/domain/stocktake-scope';
import { stocktake, stocktakeDevice, stocktakeGoods } from '../../../src/modules/inventory/store/stocktake.table';
import { stocktakeFigures } from '../../../src/modules/inventory/queries/stocktake-page';
import { countGoods } from '../../../src/modules/inventory/use-cases/count-goods';
import { finishCounting, recount, startStocktake } from '../../../src/modules/inventory/use-cases/count-stocktake';
import { keepDifferences } from '../../../src/modules/inventory/use-cases/keep-differences';
import { planStocktake } from '../../../src/modules/inventory/use-cases/plan-stocktake';
import { type PostStocktake, postStocktake } from '../../../src/modules/inventory/use-cases/post-stocktake';
import { reverseStocktake } from '../../../src/modules/inventory/use-cases/reverse-stocktake';
import { scanIntoStocktake } from '../../../src/modules/inventory/use-cases/scan-into-stocktake';
import { postSale } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const scanOf = (text: string, key: string = randomUUID()) => ({ key, text, ...parseScanLine(text) });

describe('stocktakes', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    const at = async (id: number) => {
      const row = await database.read.get(stocktake, id);
      if (!row) throw new Error('no such stocktake');
      return { id, version: row.version, row };
    };
    async function begin(scope: StocktakeScope = EVERYTHING, blind = false): Promise<number> {
      const { id } = await planStocktake(uow, actor, { locationId: shop.locationId, scope, blind });
      await startStocktake(uow, actor, await at(id));
      return id;
    }
    const scan = async (id: number, ...texts: string[]) =>
      scanIntoStocktake(uow, actor, { id, scans: texts.map((text) => scanOf(text)) });
    const finish = async (id: number) => finishCounting(uow, actor, await at(id));
    const postIt = async (id: number, seen: PostStocktake['seen'], who: Actor = actor) =>
      postStocktake(uow, who, { ...(await at(id)), seen });
    const sell = (deviceId: number, skuId = shop.phoneSkuIds[0]) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId, deviceId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });
    const books = async (code: string): Promise<number> => {
      const row = await database.read.one<{ fen: number | null }>(
        sql`SELECT SUM(l.debit_fen) - SUM(l.credit_fen) AS fen FROM journal_line l JOIN account a ON a.id = l.account_id
          WHERE a.code = ${code} AND l.store_id = ${shop.storeId}`,
      );
      return Number(row?.fen ?? 0);
    };
    const stateOf = async (deviceId: number) => (await database.read.get(device, deviceId))?.state;
    const goodsOf = async (id: number) => database.read.find(stocktakeGoods, { stocktakeId: id });
    const charger = async (): Promise<number> => {
      const row = await database.read.one<{ n: number }>(
        sql`SELECT quantity AS n FROM stock_balance WHERE sku_id = ${shop.chargerSkuId} AND location_id = ${shop.locationId}`,
      );
      return Number(row?.n);
    };
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);

    it('writes off what nobody found, takes over what the books had elsewhere, and keeps the books sound', async () => {
      const id = await begin();
      const [first, , , , last] = shop.devices;
      const before = await books('1405');
      const answers = await scan(id, ...[0, 1, 2, 3].map(imeiOf), imeiOf(50), imeiOf(0), imeiOf(99), 'CD67', 'CD67');
      expect(answers.map(({ outcome }) => outcome)).to.deep.equal([
        'right',
        'right',
        'right',
        'right',
        'wrong',
        'double',
        'wrong',
        'right',
        'right',
      ]);
      await finish(id);
      await postIt(id, { missing: 1, taken: 1, goods: 1 });
      expect(await stateOf(last?.id ?? 0)).to.equal('missing');
      expect(await stateOf(first?.id ?? 0)).to.equal('in_stock');
      expect(await database.read.get(device, shop.otherDevice.id)).to.include({
        state: 'in_stock',
        locationId: shop.locationId,
      });
      expect(await charger(), 'two of ten were counted').to.equal(2);
      expect((await books('1405')) - before).to.equal(388_000 - 390_004 - 40_001);
      expect(await books('1901'), 'everything went through it').to.equal(0);
      await sound();
      expect((await at(id)).row).to.include({ state: 'posted', missingDevices: 1, takenDevices: 1, shortPieces: 8 });
      const done = await at(id);
      await reverseStocktake(uow, actor, done);
      expect(await stateOf(last?.id ?? 0)).to.equal('in_stock');
      expect(await charger()).to.equal(10);
      expect(await books('1405')).to.equal(before);
      await sound();
    });

    it('never calls missing what was sold since, and refuses figures that are no longer true', async () => {
      const id = await begin();
      const [, , , fourth, fifth] = shop.devices;
      await scan(id, ...[0, 1, 2].map(imeiOf));
      await sell(fifth?.id ?? 0);
      await finish(id);
      const wrong = await refusal(postIt(id, { missing: 2, taken: 0, goods: 0 }));
      expect(wrong).to.include({ code: 'inventory:error.stocktake_changed', status: 409 });
      const seen = await at(id);
      await sell(fourth?.id ?? 0);
      expect(
        await refusal(postStocktake(uow, actor, { ...seen, seen: { missing: 1, taken: 0, goods: 0 } })),
      ).to.include({
        code: 'inventory:error.stocktake_changed',
      });
      await postIt(id, { missing: 0, taken: 0, goods: 0 });
      expect(await stateOf(fourth?.id ?? 0)).to.equal('sold');
      const rows = await database.read.find(stocktakeDevice, { stocktakeId: id });
      expect(rows.map(({ verdict }) => verdict)).to.have.members(['matched', 'matched', 'matched', 'moved', 'moved']);
      await sound();
    });

    it('counts goods against what the books had at that moment', async () => {
      const id = await begin();
      const [goods] = await goodsOf(id);
      await countGoods(uow, actor, { id, counts: [{ goodsId: goods?.id ?? 0, pieces: 9, version: 1 }] });
      const stale = { goodsId: goods?.id ?? 0, pieces: 8, version: 1 };
      expect(await refusal(countGoods(uow, actor, { id, counts: [stale] }))).to.include({ status: 409 });
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.chargerSkuId, quantity: 2, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 50_000 }],
      });
      await scan(id, ...[0, 1, 2, 3, 4].map(imeiOf));
      await finish(id);
      await postIt(id, { missing: 0, taken: 0, goods: 1 });
      expect(await charger(), 'ten, two sold, one not there').to.equal(7);
      expect((await goodsOf(id))[0]).to.include({ postedPieces: -1, postedFen: -5000 });
      await sound();
    });

    it('says of goods counted in parts what moved meanwhile; counted at once, it does not matter', async () => {
      const id = await begin();
      await scan(id, 'CD67', 'CD67');
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.chargerSkuId, quantity: 3, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 44_700 }],
      });
      await scan(id, 'CD67', 'CD67');
      const [goods] = await goodsOf(id);
      expect(goods).to.include({ counted: 4, bookPieces: 7, movedPieces: 3 });
      const figures = async () => (await stocktakeFigures(database.read, (await at(id)).row)).goods;
      expect(await figures()).to.include({ different: 1, moved: 1 });
      const count = { goodsId: goods?.id ?? 0, pieces: 6, version: goods?.version ?? 0 };
      await countGoods(uow, actor, { id, counts: [count] });
      expect((await goodsOf(id))[0]).to.include({ counted: 6, bookPieces: 7, movedPieces: 0 });
      expect(await figures()).to.include({ different: 1, moved: 0 });
    });

    it('finds again what a stocktake wrote off', async () => {
      const [phone] = shop.phoneSkuIds;
      const scope = { ...EVERYTHING, skuIds: [phone] };
      const first = await begin(scope);
      await scan(first, ...[0, 1, 2, 3].map(imeiOf));
      await finish(first);
      await postIt(first, { missing: 1, taken: 0, goods: 0 });
      const [, , , , lost] = shop.devices;
      expect(await refusal(sell(lost?.id ?? 0))).to.include({ code: 'sales:error.device.missing' });
      const second = await begin(scope);
      const [answer] = await scan(second, imeiOf(4));
      expect(answer?.reason.code).to.equal('inventory:stocktake.scan.elsewhere.missing');
      await scan(second, ...[0, 1, 2, 3].map(imeiOf));
      await finish(second);
      await postIt(second, { missing: 0, taken: 1, goods: 0 });
      expect(await stateOf(lost?.id ?? 0)).to.equal('in_stock');
      expect((await at(second)).row).to.include({ gainFen: 390_004, lossFen: 0 });
      await sound();
      await sell(lost?.id ?? 0);
      await sound();
    });

    it('leaves differences alone that somebody wants to look into, and counts again', async () => {
      const id = await begin();
      await scan(id, ...[0, 1, 2].map(imeiOf));
      await finish(id);
      const rows = await database.read.find(stocktakeDevice, { stocktakeId: id });
      const open = rows.filter(({ scannedAt }) => scannedAt === null).map((row) => row.id);
      await keepDifferences(uow, actor, { id, devices: open.slice(0, 1), goods: [], kept: true });
      await recount(uow, actor, await at(id));
      await scan(id, imeiOf(4));
      await finish(id);
      await postIt(id, { missing: 0, taken: 0, goods: 0 });
      expect(await stateOf(shop.devices[3]?.id ?? 0)).to.equal('in_stock');
      await sound();
    });

    it('counts only what belongs to it, and answers a repeated scan as the first time', async () => {
      const id = await begin({ ...EVERYTHING, skuIds: [shop.chargerSkuId] });
      const [answer] = await scan(id, imeiOf(0));
      expect(answer).to.include({ outcome: 'wrong' });
      expect(answer?.reason.code).to.equal('inventory:stocktake.scan.out_of_scope');
      const one = scanOf('CD67');
      const given = await scanIntoStocktake(uow, actor, { id, scans: [one] });
      expect(await scanIntoStocktake(uow, actor, { id, scans: [one, one] })).to.deep.equal([given[0], given[0]]);
      expect((await goodsOf(id))[0]).to.include({ counted: 1, bookPieces: 10 });
    });

    it('has many people count at once: each device is found by one of them', async () => {
      const id = await begin();
      const all = [0, 1, 2, 3, 4, 50].map(imeiOf);
      const answers = await Promise.all([1, 2, 3, 4].map(() => scan(id, ...all)));
      const found = answers.flat().filter(({ outcome }) => outcome !== 'double');
      expect(found.map(({ number }) => number)).to.have.members(all);
      const rows = await database.read.find(stocktakeDevice, { stocktakeId: id });
      expect(rows).to.have.length(6);
    });

    it('belongs to people with the right, of that store', async () => {
      const id = await begin();
      const stranger = actorWith({ 'inventory.stocktake.count': [shop.otherStoreId] });
      const scans = [scanOf(imeiOf(0))];
      expect(await refusal(scanIntoStocktake(uow, stranger, { id, scans }))).to.include({ status: 403 });
      await scan(id, ...[0, 1, 2, 3, 4, 50].map(imeiOf));
      await finish(id);
      const manager = actorWith({ 'inventory.stocktake.post': [shop.storeId] });
      expect(await refusal(postIt(id, { missing: 0, taken: 1, goods: 0 }, manager))).to.include({
        code: 'inventory:error.stocktake_foreign',
      });
      expect(await refusal(scan(id, imeiOf(0)))).to.include({ code: 'inventory:error.stocktake_not_counting' });
    });
  });
});
