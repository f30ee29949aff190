import { expect } from 'chai';
import { closePeriod, device, devicesFor, placeOf, post, verifyLedger } from '../../../src/ledger';
import {
  closeShift,
  openShift,
  postSale,
  returnSale,
  reverseSale,
  sale,
  type SaleCommand,
  saleLine,
  saveRegister,
} from '../../../src/modules/sales';
import { findSale, saleToReturn } from '../../../src/modules/sales/queries/sale-page';
import { shift } from '../../../src/modules/sales/store/register.table';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { document } from '../../support/ledger-documents';
import { refusal } from '../../support/refusal';
import { sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('李婷');
const clock = () => Date.UTC(2026, 10, 22, 2, 0, 0);

describe('the edges of the till', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async () => {
      ({ database, uow } = await context.openUow({ clock }));
      shop = await sampleShop(uow);
    });
    /** After each of them the books must be sound. */
    const books = (title: string, work: () => Promise<void>): void => {
      it(title, async () => {
        await work();
        expect((await verifyLedger(database.read)).checks.filter((check) => !check.ok)).to.eql([]);
      });
    };

    const phones = (index = 0, more: Partial<SaleCommand> = {}): SaleCommand => ({
      registerId: shop.registerId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]!.id, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 450_000 }],
      ...more,
    });
    const chargers = (line: Partial<SaleCommand['lines'][number]>, cashFen = 14_900): SaleCommand => ({
      registerId: shop.registerId,
      lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0, ...line }],
      tenders: [{ kind: 'cash', amountFen: cashFen }],
    });
    const codeOf = async (command: SaleCommand) => (await refusal(postSale(uow, actor, command))).code;

    books('numbers that are none, too small or too large are refused at their line', async () => {
      for (const quantity of [0, -1, 1.5, Number.NaN, 1e12])
        expect(await codeOf(chargers({ quantity })), String(quantity)).to.equal('sales:error.quantity');
      for (const discountFen of [-1, 0.5, 14_901, Number.MAX_SAFE_INTEGER]) {
        const error = await refusal(postSale(uow, actor, chargers({ discountFen })));
        expect(error.code, String(discountFen)).to.equal('pricing:error.discount_amount');
        expect(error.fields[0]).to.include({ path: 'lines.0' });
      }
      for (const cashFen of [0, -5, 0.5, Number.MAX_SAFE_INTEGER + 2])
        expect(await codeOf(chargers({}, cashFen)), String(cashFen)).to.equal('sales:error.tender_amount');
      expect(
        await codeOf({
          ...chargers({}),
          tenders: [
            { kind: 'card', amountFen: 14_901 },
            { kind: 'cash', amountFen: 1 },
          ],
        }),
      ).to.equal('sales:error.tender_over');
    });

    books('a gift costs nothing, needs no tender, and its cost is a selling expense', async () => {
      const posted = await postSale(uow, actor, { ...chargers({ discountFen: 14_900 }), tenders: [] });
      expect(posted).to.include({ grossFen: 0, changeFen: 0 });
      const row = await database.read.one<{ fen: number }>(
        sql`SELECT SUM(l.debit_fen) AS fen FROM journal_line l JOIN account a ON a.id = l.account_id WHERE a.code = '5601'`,
      );
      expect(Number(row?.fen)).to.equal(5_000);
    });

    books('one handset on two lines is refused before anything is written', async () => {
      const [line] = phones().lines;
      expect(await codeOf(phones(0, { lines: [line!, line!] }))).to.equal('sales:error.device.twice');
    });

    books('says where a handset is that is not for sale: demo, defective, on its way', async () => {
      const place = async (index: number, change: object, event: string) =>
        uow.run(actor, async (unit) => {
          const { id } = shop.devices[index]!;
          const from = placeOf((await devicesFor(unit, [id])).get(id)!);
          await post(unit, {
            document: { ...document('inventory.status_change'), storeId: shop.storeId },
            devices: [{ kind: 'move', deviceId: id, from, to: { ...from, ...change }, event }],
            stock: [],
            journal: [],
            openItems: [],
          });
        });
      await place(0, { bucket: 'demo' }, 'to_demo');
      await place(1, { bucket: 'defective' }, 'to_defective');
      await place(2, { state: 'in_transit', bucket: 'in_transit' }, 'sent');
      expect(await codeOf(phones(0))).to.equal('sales:error.device.demo');
      expect(await codeOf(phones(1))).to.equal('sales:error.device.defective');
      expect(await codeOf(phones(2))).to.equal('sales:error.device.in_transit');
    });

    books('sells nothing into a closed month or after the shift was closed meanwhile', async () => {
      for (const count of [1, 2])
        expect((await postSale(uow, actor, chargers({}))).total).to.eql({ count, grossFen: 14_900 * count });
      const open = await database.read.get(shift, shop.shiftId);
      await closeShift(uow, actor, {
        shiftId: shop.shiftId,
        version: open!.version,
        counted: {},
        pieces: { '10000': 5 },
      });
      expect(await codeOf(phones())).to.equal('sales:error.no_shift');
      // The till was last found with the shift that is closed by now.
      const opened = await openShift(uow, actor, { registerId: shop.registerId, openingFloatFen: 0 });
      const { saleId, total } = await postSale(uow, actor, phones());
      expect(total).to.eql({ count: 1, grossFen: 449_900 });
      expect((await database.read.get(sale, saleId))?.shiftId).to.equal(opened.shiftId);
      await uow.run(actor, (unit) => closePeriod(unit, '2026-11'));
      expect(await codeOf(phones(1))).to.equal('ledger:error.period_closed');
      const [line] = await database.read.find(saleLine, { saleId });
      const back = {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line!.id, quantity: 1 }],
        bucket: 'sellable' as const,
        refunds: [{ kind: 'cash' as const, amountFen: null }],
      };
      expect((await refusal(returnSale(uow, actor, back))).code).to.equal('ledger:error.period_closed');
      expect((await refusal(reverseSale(uow, actor, { saleId, reason: '错' }))).code).to.equal(
        'ledger:error.period_closed',
      );
      expect((await database.read.get(saleLine, line!.id))?.returnedQuantity).to.equal(0);
    });

    describe('a return in another store', () => {
      const elsewhere = () => {
        const stores = [shop.otherStoreId];
        return {
          cashier: actorWith({ 'sales.sale.return': stores, 'sales.sale.view': stores }, '收银员'),
          manager: actorWith(
            { 'sales.sale.return': stores, 'sales.sale.view': stores, 'sales.return.elsewhere': stores },
            '河西店长',
          ),
        };
      };

      books('needs its right; goods, cost and money are then the books of the store that takes them', async () => {
        const { storeId, otherStoreId, otherLocationId } = shop;
        const { registerId } = await saveRegister(uow, actor, {
          id: null,
          storeId: otherStoreId,
          code: '1',
          name: '河西 1 号',
          active: true,
          version: null,
        });
        await openShift(uow, actor, { registerId, openingFloatFen: 500_000 });
        const { cashier, manager } = elsewhere();
        const { saleId, saleNumber } = await postSale(uow, actor, phones());
        const [line] = await database.read.find(saleLine, { saleId });
        const back = {
          originalSaleId: saleId,
          registerId,
          lines: [{ lineId: line!.id, quantity: 1 }],
          bucket: 'sellable' as const,
          refunds: [{ kind: 'cash' as const, amountFen: null }],
        };
        expect(await findSale(database.read, cashier, shop.devices[0]!.imei)).to.equal(null);
        expect((await refusal(saleToReturn(database.read, cashier, testKeys, saleId))).status).to.equal(404);
        expect((await refusal(returnSale(uow, cashier, back))).status).to.equal(403);
        expect(await findSale(database.read, manager, saleNumber)).to.equal(saleId);
        expect((await saleToReturn(database.read, manager, testKeys, saleId)).sale).not.to.have.property('costFen');
        // Not into the store that sold it, where the manager has no rights.
        expect((await refusal(returnSale(uow, manager, { ...back, registerId: null }))).status).to.equal(403);

        const returned = await returnSale(uow, manager, back);
        expect(await database.read.get(sale, returned.saleId)).to.include({
          storeId: otherStoreId,
          grossFen: -449_900,
        });
        expect(await database.read.get(device, shop.devices[0]!.id)).to.include({
          state: 'in_stock',
          storeId: otherStoreId,
          locationId: otherLocationId,
          costFen: 390_000,
        });
        const lines = await database.read.all<{ storeId: number; net: number }>(
          sql`SELECT l.store_id, SUM(l.debit_fen - l.credit_fen) AS net FROM journal_line l GROUP BY l.store_id`,
        );
        expect(lines.map(({ storeId: store, net }) => [store, Number(net)])).to.have.deep.members([
          [storeId, 0],
          [otherStoreId, 0],
        ]);
        expect((await refusal(returnSale(uow, manager, back))).code).to.equal('sales:error.already_returned');

        await reverseSale(uow, actor, { saleId: returned.saleId, reason: '退错了' });
        expect(await database.read.get(device, shop.devices[0]!.id)).to.include({ state: 'sold', storeId });
      });
    });
  });
});
