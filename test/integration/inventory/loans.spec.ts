import { expect } from 'chai';
import { device, verifyLedger } from '../../../src/ledger';
import { giveBackDevices } from '../../../src/modules/inventory/use-cases/give-back-devices';
import { type LendDevices, lendDevices, reverseLoan } from '../../../src/modules/inventory/use-cases/lend-devices';
import { lateLoans } from '../../../src/modules/inventory/queries/loan-list';
import { loan, loanDevice } from '../../../src/modules/inventory/store/loan.table';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');

describe('loans of devices', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    const lend = (more: Partial<LendDevices> = {}, options?: { operationKey: string }) =>
      lendDevices(
        uow,
        actor,
        {
          locationId: shop.locationId,
          borrower: '河西活动',
          purpose: 'event',
          dueOn: '2026-11-25',
          note: '',
          numbers: [imeiOf(0), imeiOf(1)].join('\n'),
          ...more,
        },
        options,
      );
    const seen = async (id: number) => ({ id, version: (await database.read.get(loan, id))?.version ?? 0 });
    const rowsOf = async (id: number) =>
      (await database.read.find(loanDevice, { loanId: id })).sort((a, b) => a.seq - b.seq);
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

    it('leave the shelf at their cost, cannot be sold, come back in parts as what they are, and may be sold again', async () => {
      const { id, number } = await lend({}, { operationKey: 'lend-operation-1' });
      expect(await lend({}, { operationKey: 'lend-operation-1' }), 'sent twice').to.include({ id, number });
      expect(number).to.equal('JY261122-NJ01-0001');
      expect([await deviceAt(0), await deviceAt(1)]).to.deep.equal(['lent demo', 'lent demo']);
      await sound();
      expect((await refusal(sell(0))).fields[0]?.code).to.equal('sales:error.device.lent');
      const [first, second] = await rowsOf(id);
      const back =
        (rows: (number | undefined)[], bucket = '') =>
        async () =>
          giveBackDevices(uow, actor, { ...(await seen(id)), rows: rows.map((one) => one ?? 0), bucket, note: '' });
      expect(await back([first?.id])()).to.include({ number: `${number}/1`, devices: 1, open: 1 });
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      expect((await refusal(back([first?.id])())).code).to.equal('inventory:error.loan_nothing');
      expect(await back([second?.id], 'defective')()).to.include({ devices: 1, open: 0 });
      expect(await deviceAt(1)).to.equal('in_stock defective');
      expect(await database.read.get(loan, id)).to.include({ state: 'back', stillOut: 0, returnCount: 2 });
      await sell(0);
      await sound();
    });

    it('name every device that cannot be lent, and lend none then', async () => {
      await sell(2);
      const hands = transferHands(uow);
      const { id: transferId } = await hands.draft(shop.locationId, shop.otherLocationId);
      await hands.paste(transferId, [imeiOf(3)]);
      const numbers = [imeiOf(0), imeiOf(2), imeiOf(3), imeiOf(50), '490154203237518'].join('\n');
      const refused = await refusal(lend({ numbers }));
      expect(refused.fields.map(({ path, code }) => `${path} ${code.split('.')[1]}`)).to.have.members([
        'numbers loan_not_in_stock',
        'numbers loan_in_transfer',
        'numbers loan_elsewhere',
        'numbers loan_unknown',
      ]);
      const wrong = await refusal(lend({ borrower: ' ', purpose: 'gift', dueOn: '2026-11-21' }));
      expect(wrong.fields.map(({ path }) => path)).to.have.members(['borrower', 'purpose', 'dueOn']);
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      const elsewhere = actorWith({ 'inventory.loan.lend': [shop.otherStoreId] });
      const command = { locationId: shop.locationId, borrower: 'x', purpose: 'other', dueOn: '2026-11-25', note: '' };
      const asked = lendDevices(uow, elsewhere, { ...command, numbers: imeiOf(0) });
      expect((await refusal(asked)).code).to.equal('errors:forbidden');
    });

    it('are reversed while nothing came back, and overdue ones are counted', async () => {
      const { id } = await lend();
      const late = (today: string) => lateLoans(database.read, actor, null, { today, direction: 'out' });
      expect(await late('2026-11-25')).to.include({ loans: 0 });
      expect(await late('2026-11-26')).to.deep.equal({ loans: 1, devices: 2, since: '2026-11-25' });
      const stale = await seen(id);
      await reverseLoan(uow, actor, stale);
      expect(await deviceAt(0)).to.equal('in_stock sellable');
      expect(await database.read.get(loan, id)).to.include({ state: 'reversed', stillOut: 0 });
      expect((await refusal(reverseLoan(uow, actor, stale))).status).to.equal(409);
      const again = await lend();
      const [row] = await rowsOf(again.id);
      await giveBackDevices(uow, actor, { ...(await seen(again.id)), rows: [row?.id ?? 0], bucket: '', note: '' });
      expect((await refusal(reverseLoan(uow, actor, await seen(again.id)))).code).to.equal('inventory:error.loan_over');
      await sound();
    });

    it('of one device by two people at once: one lends it, or sells it, and the other is told', async () => {
      const results = await Promise.allSettled([lend({ numbers: imeiOf(0) }), lend({ numbers: imeiOf(0) }), sell(0)]);
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      await sound();
    });
  });
});
