import { expect } from 'chai';
import { fen } from '../../../src/kernel';
import { device, verifyLedger } from '../../../src/ledger';
import { customer } from '../../../src/modules/crm';
import { postSale } from '../../../src/modules/sales';
import { consignmentChecks } from '../../../src/modules/sales/queries/consignment-checks';
import { lateConsignments } from '../../../src/modules/sales/queries/consignment-list';
import { consignment } from '../../../src/modules/sales/store/consignment.table';
import { consignDevices, reverseConsignment } from '../../../src/modules/sales/use-cases/consign-devices';
import { type Database, type Sql, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { consignmentHands } from '../../support/partner-consignments';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');

describe('consignments to partners', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let hands: ReturnType<typeof consignmentHands>;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      hands = consignmentHands(uow, shop, actor);
    });

    const deviceAt = async (index: number) => {
      const row = await database.read.get(device, shop.devices[index]?.id ?? 0);
      return `${row?.state} ${row?.bucket}`;
    };
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);
    const sell = (index: number) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });

    it('stay stock at their cost with the agreed prices, cannot be sold, and come back in parts', async () => {
      const { id, number } = await hands.consign({}, { operationKey: 'consign-operation-1' });
      expect(await hands.consign({}, { operationKey: 'consign-operation-1' }), 'sent twice').to.include({ id, number });
      expect(number).to.equal('WT261122-NJ01-0001');
      expect([await deviceAt(0), await deviceAt(1)]).to.deep.equal(['at_partner demo', 'at_partner demo']);
      const [first, second] = await hands.rowsOf(id);
      expect(first?.priceFen, 'typed behind the number').to.equal(429_900);
      expect(second?.priceFen, 'of the price list').to.be.greaterThan(0);
      const row = await database.read.get(consignment, id);
      expect(row?.openFen).to.equal((first?.priceFen ?? 0) + (second?.priceFen ?? 0));
      expect((await database.read.find(customer, {})).length, 'the partner was made a customer').to.equal(1);
      await sound();
      expect((await refusal(sell(0))).fields[0]?.code).to.equal('sales:error.device.at_partner');
      const strange = await refusal(hands.takeBack(id, [], { numbers: imeiOf(3) }));
      expect(strange.fields[0]?.code).to.equal('sales:error.consignment_not_here');
      expect(await hands.takeBack(id, [first?.id])).to.include({ number: `${number}/1`, devices: 1, open: 1 });
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      expect((await refusal(hands.takeBack(id, [first?.id]))).code).to.equal('sales:error.consignment_over');
      expect(await hands.takeBack(id, [], { numbers: imeiOf(1), bucket: 'defective' })).to.include({ open: 0 });
      expect(await deviceAt(1)).to.equal('in_stock defective');
      expect(await database.read.get(consignment, id)).to.include({ state: 'closed', stillOut: 0, openFen: 0 });
      await sell(0);
      await sound();
    });

    it('name every device that cannot be given, and give none then', async () => {
      await sell(2);
      const transfers = transferHands(uow);
      const { id: transferId } = await transfers.draft(shop.locationId, shop.otherLocationId);
      await transfers.paste(transferId, [imeiOf(3)]);
      const numbers = [imeiOf(0), imeiOf(2), imeiOf(3), imeiOf(50), '490154203237518'].join('\n');
      const refused = await refusal(hands.consign({ numbers }));
      expect(refused.fields.map(({ path, code }) => `${path} ${code.split('.')[1]}`)).to.have.members([
        'numbers consignment_not_in_stock',
        'numbers consignment_in_transfer',
        'numbers consignment_elsewhere',
        'numbers consignment_unknown',
      ]);
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      const wrong = await refusal(
        hands.consign({ partner: '13900139000', partnerName: '', dueOn: '2026-11-21', priceFen: fen(0) }),
      );
      expect(wrong.fields.map(({ path }) => path)).to.have.members(['partner', 'dueOn', 'price']);
      const command = { locationId: shop.locationId, partner: '13800138000', partnerName: 'x', dueOn: '2026-12-01' };
      const elsewhere = actorWith({ 'sales.consignment.edit': [shop.otherStoreId] });
      const asked = consignDevices({ uow, keys: testKeys }, elsewhere, {
        ...command,
        priceFen: null,
        note: '',
        numbers: imeiOf(0),
      });
      expect((await refusal(asked)).code).to.equal('errors:forbidden');
    });

    it('name the partner by number or name, one of several by the number of the customer', async () => {
      await hands.consign({ numbers: imeiOf(0) });
      await hands.consign({ numbers: imeiOf(1), partner: '河西通讯', partnerName: '' });
      expect((await database.read.find(customer, {})).length).to.equal(1);
      await hands.consign({ numbers: imeiOf(2), partner: '13800138001', partnerName: '河西通讯' });
      const several = await refusal(hands.consign({ numbers: imeiOf(3), partner: '河西' }));
      expect(several.fields[0]?.code).to.equal('sales:error.partner_several');
      const code = (await database.read.find(customer, {}))[0]?.code ?? '';
      await hands.consign({ numbers: imeiOf(3), partner: code });
      expect((await refusal(hands.consign({ numbers: imeiOf(4), partner: '江宁' }))).fields[0]?.code).to.equal(
        'sales:error.partner_unknown',
      );
    });

    it('are reversed while nothing came back, and overdue ones are counted', async () => {
      const { id } = await hands.consign();
      const late = (today: string) => lateConsignments(database.read, actor, null, today);
      expect(await late('2026-12-22')).to.include({ consignments: 0 });
      expect(await late('2026-12-23')).to.include({ consignments: 1, devices: 2, since: '2026-12-22' });
      const stale = await hands.seen(id);
      await reverseConsignment(uow, actor, stale);
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      expect((await refusal(reverseConsignment(uow, actor, stale))).status).to.equal(409);
      const again = await hands.consign();
      const [row] = await hands.rowsOf(again.id);
      await hands.takeBack(again.id, [row?.id]);
      const over = await refusal(reverseConsignment(uow, actor, await hands.seen(again.id)));
      expect(over.code).to.equal('sales:error.consignment_over');
      await sound();
    });

    it('are checked against the devices: what does not agree is named', async () => {
      const { id, number } = await hands.consign();
      const found = async () => {
        const verdicts = await Promise.all(
          consignmentChecks.map(async (one) => [one.id, (await one.run(database.read)).findings] as const),
        );
        return Object.fromEntries(verdicts.filter(([, findings]) => findings.length > 0));
      };
      expect(await found()).to.deep.equal({});
      const change = (statement: Sql) => uow.run(actor, (unit) => unit.execute(statement));
      await change(sql`UPDATE consignment_out SET still_out = 1 WHERE id = ${id}`);
      expect(await found()).to.deep.equal({ 'sales.consigned': [number] });
      await change(sql`UPDATE consignment_out SET still_out = 2 WHERE id = ${id}`);
      await change(sql`UPDATE consignment_out_device SET return_id = 1 WHERE out_id = ${id} AND seq = 1`);
      expect(await found()).to.deep.equal({
        'sales.consigned': [number],
        'sales.at_partner': [String(shop.devices[0]?.id)],
      });
    });

    it('of one device at once: one gives it away, or sells it, and the other is told', async () => {
      const results = await Promise.allSettled([
        hands.consign({ numbers: imeiOf(0) }),
        hands.consign({ numbers: imeiOf(0), partner: '13800138001' }),
        sell(0),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      await sound();
    });
  });
});
