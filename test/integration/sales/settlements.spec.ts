import { expect } from 'chai';
import { fen } from '../../../src/kernel';
import { device, openItem, verifyLedger } from '../../../src/ledger';
import { postSale, returnSale, reverseSale, sale, saleLine } from '../../../src/modules/sales';
import { saleChecks } from '../../../src/modules/sales/queries/checks';
import { unpaidSettlements } from '../../../src/modules/sales/queries/settlement-list';
import { consignment } from '../../../src/modules/sales/store/consignment.table';
import { consignmentChecks } from '../../../src/modules/sales/queries/consignment-checks';
import { settlementOfPartner } from '../../../src/modules/sales/store/settlement.table';
import { reverseSettlement } from '../../../src/modules/sales/use-cases/reverse-settlement';
import { settleConsignment } from '../../../src/modules/sales/use-cases/settle-consignment';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { consignmentHands } from '../../support/partner-consignments';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');

describe('settlements with partners', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let hands: ReturnType<typeof consignmentHands>;
    let now: number;
    beforeEach(async function () {
      this.timeout(120_000);
      now = Date.UTC(2026, 10, 22, 4);
      ({ database, uow } = await context.openUow({ clock: () => now }));
      shop = await sampleShop(uow);
      hands = consignmentHands(uow, shop, actor);
    });

    const deviceAt = async (index: number) => {
      const row = await database.read.get(device, shop.devices[index]?.id ?? 0);
      return `${row?.state} ${row?.bucket}`;
    };
    const sound = async () => {
      expect(await verifyLedger(database.read)).to.have.property('ok', true);
      for (const { id, run } of [...saleChecks, ...consignmentChecks])
        expect((await run(database.read)).findings, id).to.deep.equal([]);
    };
    /** What was booked on the account of a role, debits less credits. */
    const booked = async (role: string): Promise<number> => {
      const row = await database.read.one<{ fen: number | string | null }>(
        sql`SELECT SUM(l.debit_fen - l.credit_fen) AS fen FROM journal_line l
          JOIN account_role r ON r.account_id = l.account_id WHERE r.role = ${role}`,
      );
      return Number(row?.fen ?? 0);
    };
    const seen = async (id: number) => ({
      id,
      version: (await database.read.get(settlementOfPartner, id))?.version ?? 0,
      reason: '报错了',
    });

    it('are sales on account at the agreed price, with cost, tax, warranty and what the partner owes', async () => {
      const { id } = await hands.consign({ numbers: `${imeiOf(0)} 4299\n${imeiOf(1)} 4299` });
      const other = await hands.consign({ numbers: `${imeiOf(2)} 4199` });
      const before = await booked('inventory');
      const [first] = await hands.rowsOf(id);
      const command = {
        rows: [first?.id ?? 0],
        numbers: `${imeiOf(2)} 4100`,
        commissionFen: fen(10_600),
        commissionTaxFen: fen(600),
        reference: 'HX-11',
      };
      const done = await hands.settle(id, command, { operationKey: 'settle-operation-1' });
      expect(await hands.settle(id, command, { operationKey: 'settle-operation-1' }), 'sent twice').to.include(done);
      expect(done).to.include({ number: 'DX261122-NJ01-0001', devices: 2, amountFen: 839_900 });
      expect([await deviceAt(0), await deviceAt(1), await deviceAt(2)]).to.deep.equal([
        'sold null',
        'at_partner demo',
        'sold null',
      ]);
      expect((await database.read.get(device, shop.devices[0]?.id ?? 0))?.makerWarrantyUntil).to.equal('2027-11-22');
      expect(await database.read.get(consignment, id)).to.include({ state: 'out', stillOut: 1, settled: 1 });
      expect(await database.read.get(consignment, other.id)).to.include({ state: 'closed', stillOut: 0, openFen: 0 });
      const [sold] = await database.read.find(sale, {});
      expect(sold).to.include({ saleNumber: done.number, grossFen: 839_900, costFen: 780_002, registerId: null });
      expect(await booked('revenue')).to.equal(-(sold?.netFen ?? 0));
      expect(await booked('output_tax')).to.equal(-(sold?.taxFen ?? 0));
      expect(await booked('cost_of_sales')).to.equal(780_002);
      expect((await booked('inventory')) - before).to.equal(-780_002);
      expect(await booked('selling_expense')).to.equal(10_000);
      expect(await booked('input_tax')).to.equal(600);
      expect(await booked('receivable')).to.equal(839_900 - 10_600);
      const [item] = await database.read.find(openItem, { direction: 'receivable' });
      expect(item).to.include({ amountFen: 829_300, dueOn: '2026-12-31', partyType: 'customer' });
      expect(await unpaidSettlements(database.read, actor, null, '2026-12-31')).to.include({ settlements: 0 });
      expect(await unpaidSettlements(database.read, actor, null, '2027-01-01')).to.deep.equal({
        settlements: 1,
        openFen: 829_300,
        since: '2026-12-31',
      });
      await sound();
    });

    it('name every device that is not with the partner or was settled, and settle none then', async () => {
      const { id } = await hands.consign({ numbers: `${imeiOf(0)} 4299\n${imeiOf(1)} 4299` });
      await hands.consign({ numbers: `${imeiOf(2)} 4299`, partner: '13800138001', partnerName: '江宁店' });
      const { number } = await hands.settle(id, { numbers: imeiOf(0) });
      const numbers = [imeiOf(0), imeiOf(1), imeiOf(2), imeiOf(3), '490154203237518'].join('\n');
      const refused = await refusal(hands.settle(id, { numbers }));
      expect(refused.fields.map(({ code, details }) => [code.split('.')[1], details?.['number']])).to.have.deep.members(
        [
          ['settlement_already', imeiOf(0)],
          ['settlement_not_here', imeiOf(2)],
          ['settlement_not_here', imeiOf(3)],
          ['consignment_unknown', '490154203237518'],
        ],
      );
      expect(refused.fields[0]?.details).to.have.any.keys('number', 'settlement');
      expect(number).to.match(/^DX/);
      expect(await deviceAt(1)).to.equal('at_partner demo');
      expect((await refusal(hands.settle(id))).fields[0]?.code).to.equal('sales:error.settlement_nothing');
      const wrong = await refusal(hands.settle(id, { numbers: imeiOf(1), dueOn: '2026-11-21' }));
      expect(wrong.fields.map(({ path }) => path)).to.deep.equal(['dueOn']);
      const greedy = await refusal(hands.settle(id, { numbers: imeiOf(1), commissionFen: fen(430_000) }));
      expect(greedy.fields[0]?.code).to.equal('sales:error.settlement_commission');
      const taxed = { numbers: imeiOf(1), commissionFen: fen(100), commissionTaxFen: fen(200) };
      expect((await refusal(hands.settle(id, taxed))).fields[0]?.code).to.equal(
        'sales:error.settlement_commission_tax',
      );
      const elsewhere = actorWith({ 'sales.settlement.post': [shop.otherStoreId] });
      const asked = settleConsignment(uow, elsewhere, {
        consignmentId: id,
        rows: [],
        numbers: imeiOf(1),
        dueOn: '2026-12-31',
        commissionFen: null,
        commissionTaxFen: null,
        reference: '',
        note: '',
        channelId: null,
      });
      expect((await refusal(asked)).code).to.equal('errors:forbidden');
      await sound();
    });

    it('are reversed on their day, back to the partner, and only where they were made', async () => {
      const { id } = await hands.consign();
      const { id: settlementId } = await hands.settle(id, { numbers: `${imeiOf(0)}\n${imeiOf(1)} 4000` });
      expect(await database.read.get(consignment, id)).to.include({ state: 'closed', stillOut: 0 });
      const [sold] = await database.read.find(sale, {});
      const byTill = await refusal(reverseSale(uow, actor, { saleId: sold?.id ?? 0, reason: 'x' }));
      expect(byTill.code).to.equal('sales:error.reverse_settlement');
      const stale = await seen(settlementId);
      await reverseSettlement(uow, actor, stale);
      expect([await deviceAt(0), await deviceAt(1)]).to.deep.equal(['at_partner demo', 'at_partner demo']);
      const row = await database.read.get(consignment, id);
      expect(row).to.include({ state: 'out', stillOut: 2, settled: 0, doneAt: null });
      expect(row?.openFen).to.equal(row?.amountFen);
      expect((await hands.rowsOf(id)).map(({ settlementId: at, soldFen }) => [at, soldFen])).to.deep.equal([
        [null, null],
        [null, null],
      ]);
      expect((await database.read.get(sale, sold?.id ?? 0))?.state).to.equal('reversed');
      expect((await refusal(reverseSettlement(uow, actor, stale))).status).to.equal(409);
      expect(await booked('receivable')).to.equal(0);
      await sound();
      const again = await hands.settle(id, { numbers: imeiOf(0) });
      now += 24 * 3_600_000;
      const late = await refusal(reverseSettlement(uow, actor, await seen(again.id)));
      expect(late.code).to.equal('sales:error.reverse_other_day');
      await sound();
    });

    it('are taken back by a return of the sale afterwards, off what the partner owes', async () => {
      const { id } = await hands.consign({ numbers: `${imeiOf(0)} 4299\n${imeiOf(1)} 4299` });
      const { id: settlementId } = await hands.settle(id, { numbers: `${imeiOf(0)}\n${imeiOf(1)}` });
      const [sold] = await database.read.find(sale, {});
      const [line] = await database.read.find(saleLine, { saleId: sold?.id ?? 0 });
      await returnSale(uow, actor, {
        originalSaleId: sold?.id ?? 0,
        registerId: null,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'on_account', amountFen: 429_900 }],
      });
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      expect(await booked('receivable')).to.equal(429_900);
      const refused = await refusal(reverseSettlement(uow, actor, await seen(settlementId)));
      expect(refused.code).to.equal('sales:error.reverse_returned');
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[0]?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });
      await sound();
    });

    it('and taking back one device at once: one of them happens, and the other is told', async () => {
      const { id } = await hands.consign({ numbers: `${imeiOf(0)} 4299` });
      const [row] = await hands.rowsOf(id);
      const results = await Promise.allSettled([
        hands.takeBack(id, [row?.id]),
        hands.settle(id, { rows: [row?.id ?? 0] }),
        hands.settle(id, { numbers: imeiOf(0) }),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await database.read.get(consignment, id)).to.include({ state: 'closed', stillOut: 0 });
      await sound();
    });
  });
});
