import { expect } from 'chai';
import { device, deviceLife, findByNumbers, openItem, post, reverse, verifyLedger } from '../../../src/ledger';
import {
  addSupplier,
  agreeProtection,
  reverseProtection,
  scanIntoProtection,
  readReturnPaste,
  settleProtection,
} from '../../../src/modules/purchasing';
import { protection, protectionDevice, protectionLine } from '../../../src/modules/purchasing/store/protection.table';
import { purchaseReturnLine } from '../../../src/modules/purchasing/store/return.table';
import { recallProtection, refuseProtection } from '../../../src/modules/purchasing/use-cases/decide-protection';
import { recheckProtection } from '../../../src/modules/purchasing/use-cases/list-protected';
import {
  changeProtectionLines,
  removeProtectionLine,
} from '../../../src/modules/purchasing/use-cases/protection-lines';
import { unsettleProtection } from '../../../src/modules/purchasing/use-cases/settle-protection';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { document } from '../../support/ledger-documents';
import { draftProtection, protectionVersion, sellNow, submitNow, takeBackNow } from '../../support/protections';
import { imeiOf, imeisOf, samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { draftReturn, postReturnNow, receiveSample } from '../../support/returns';

const system = systemActor('test');
const NOW = Date.parse('2026-11-22T04:00:00Z');
const HOUR = Date.parse('2026-11-21T16:00:00Z');

async function expectBooksRight(database: Database): Promise<void> {
  const { checks } = await verifyLedger(database.read, []);
  expect(checks.filter(({ ok }) => !ok)).to.eql([]);
}

async function accountFen(database: Database, role: string): Promise<number> {
  const row = await database.read.one<{ net: number | null }>(
    sql`SELECT SUM(l.debit_fen - l.credit_fen) AS net FROM journal_line l
      JOIN account_role r ON r.account_id = l.account_id WHERE r.role = ${role}`,
  );
  return Number(row?.net ?? 0);
}

async function openFen(database: Database): Promise<Record<string, number>> {
  const rows = await database.read.all<{ direction: string; leftFen: number }>(
    sql`SELECT direction, SUM(amount_fen - settled_fen) AS left_fen FROM open_item GROUP BY direction`,
  );
  return Object.fromEntries(rows.map(({ direction, leftFen }) => [direction, Number(leftFen)]));
}

const costOf = async (database: Database, number: string): Promise<number> => {
  const [found] = await findByNumbers(database.read, [number]);
  return (await database.read.get(device, found?.deviceId ?? 0))?.costFen ?? -1;
};

const COST = 346_903;

describe('price protection', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    const open = async () => {
      let now = Date.parse('2026-11-20T04:00:00Z');
      const { database, uow } = await context.openUow({ clock: () => now });
      const sample = await samplePurchasing(uow);
      return { database, uow, sample, at: (instant: number) => void (now = instant) };
    };
    const agree = async (
      { database, uow }: { database: Database; uow: Parameters<typeof agreeProtection>[0] },
      claimId: number,
      more: Partial<Parameters<typeof agreeProtection>[2]> = {},
    ) =>
      agreeProtection(uow, system, {
        claimId,
        version: await protectionVersion(database, claimId),
        dueOn: null,
        lines: [],
        exceptions: '',
        ...more,
      });

    it('goes from the list to the books and money: stock held costs less, of sold ones the cost of sales is corrected', async () => {
      const own = await open();
      const { database, uow, sample, at } = own;
      await receiveSample(uow, sample, imeisOf(4), { withInvoice: true });
      await sellNow(uow, sample, [imeiOf(2)], '2026-11-20');
      at(NOW);
      await sellNow(uow, sample, [imeiOf(3)]);
      const { id, answers } = await draftProtection(uow, sample, [...imeisOf(4), imeiOf(90), '抬头'], {
        withTax: true,
      });
      expect(answers.map(({ outcome, reason }) => `${outcome} ${reason}`)).to.eql([
        'right held',
        'right sold',
        'right held',
        'right held',
        'wrong unknown',
      ]);
      const again = await scanIntoProtection(uow, system, { claimId: id, scans: readReturnPaste(imeiOf(1)) });
      expect(again.answers[0]).to.include({ outcome: 'double' });
      expect(await database.read.get(protection, id)).to.include({
        deviceCount: 5,
        heldCount: 3,
        soldCount: 1,
        claimedFen: 80_000,
        effectiveOn: '2026-11-22',
      });
      const fourthFen = await costOf(database, imeiOf(4));
      const before = { stock: await accountFen(database, 'inventory'), tax: await accountFen(database, 'input_tax') };
      await submitNow(database, uow, id);
      expect(await accountFen(database, 'inventory')).to.equal(before.stock);
      // 113.00 for each instead of 200.00, nothing for the fourth.
      const [line] = await database.read.find(protectionLine, { claimId: id });
      const wrong = await refusal(agree(own, id, { exceptions: `${imeiOf(91)} 1\n${imeiOf(4)} 很多` }));
      expect(wrong.fields.map(({ code }) => code)).to.eql([
        'purchasing:error.exception_number',
        'purchasing:error.exception_amount',
      ]);
      const command = { lines: [{ id: line!.id, agreedUnitFen: 11_300 }], exceptions: `${imeiOf(4)}, 0` };
      const agreed = await agree(own, id, { ...command, dueOn: '2026-12-31' });
      expect(agreed).to.include({ covered: 3, dropped: 0, agreedFen: 33_900 });
      expect(await accountFen(database, 'inventory')).to.equal(before.stock - 10_000);
      expect(await accountFen(database, 'cost_adjustment')).to.equal(2 * COST - 20_000);
      expect(await accountFen(database, 'input_tax')).to.equal(before.tax - 3_900);
      expect((await openFen(database))['receivable']).to.equal(33_900);
      expect(await costOf(database, imeiOf(1))).to.equal(COST - 10_000);
      expect(await costOf(database, imeiOf(4))).to.equal(fourthFen);
      const rows = await database.read.find(protectionDevice, { claimId: id });
      const sold = rows.find(({ mainNumber }) => mainNumber === imeiOf(3));
      expect(sold).to.include({ coverage: 'held', stockFen: 0, agreedFen: 11_300, soldOn: '2026-11-22' });
      const life = await deviceLife(database.read, sold?.deviceId ?? 0);
      expect(life?.events.at(-1)).to.include({ event: 'price_protected', documentType: 'purchasing.protection' });
      await expectBooksRight(database);
      // What was made good is not asked for again when the device goes back.
      const back = await draftReturn(uow, sample, [imeiOf(1), imeiOf(4)]);
      const returned = await database.read.find(purchaseReturnLine, { returnId: back.id });
      expect(returned.map(({ unitPriceFen }) => unitPriceFen)).to.eql([392_000 - 11_300, 392_000]);

      const owed = (await openFen(database))['payable'] ?? 0;
      const settle = async (method: 'set_off' | 'bank', amountFen: number) =>
        settleProtection(uow, system, {
          claimId: id,
          version: await protectionVersion(database, id),
          method,
          amountFen,
          reference: '贷项 0091',
        });
      expect((await refusal(settle('set_off', owed + 1))).fields[0]?.code).to.equal('purchasing:error.set_off');
      await settle('set_off', 33_900);
      expect(await openFen(database)).to.eql({ payable: owed - 33_900, receivable: 0 });
      await expectBooksRight(database);
      await unsettleProtection(uow, system, { claimId: id, version: await protectionVersion(database, id) });
      expect(await openFen(database)).to.eql({ payable: owed, receivable: 33_900 });
      // Paid by bank, and less than agreed: the difference goes to the cost of sales with its tax.
      await settle('bank', 22_600);
      expect(await accountFen(database, 'cost_adjustment')).to.equal(2 * COST - 10_000);
      expect(await accountFen(database, 'input_tax')).to.equal(before.tax - 2_600);
      expect(await database.read.get(protection, id)).to.include({ state: 'credited', settledFen: 22_600 });
      await expectBooksRight(database);
    });

    it('is closed when payments to the supplier have used it up, and opens again with them', async () => {
      const own = await open();
      const { database, uow, sample } = own;
      await receiveSample(uow, sample, imeisOf(1));
      const { id } = await draftProtection(uow, sample, imeisOf(1), {
        effectiveAt: Date.parse('2026-11-20T04:00:00Z'),
      });
      await submitNow(database, uow, id);
      await agree(own, id);
      const [item] = await database.read.find(openItem, { direction: 'receivable' });
      const used = document(
        'finance.payment',
        { storeId: sample.storeId, locationId: sample.locationId },
        '2026-11-20',
      );
      const { storeId } = sample;
      await uow.run(system, (unit) =>
        post(unit, {
          document: used,
          devices: [],
          stock: [],
          journal: [
            { account: 'bank', debitFen: 20_000, storeId },
            {
              account: 'other_receivable',
              creditFen: 20_000,
              storeId,
              partyType: 'supplier',
              partyId: sample.supplierId,
            },
          ],
          openItems: [{ kind: 'settle', openItemId: item!.id, amountFen: 20_000 }],
        }),
      );
      const version = () => protectionVersion(database, id);
      const reason = '记错了';
      const settled = await refusal(reverseProtection(uow, system, { claimId: id, version: await version(), reason }));
      expect(settled.code).to.equal('purchasing:error.protection_settled');
      const command = { claimId: id, method: 'bank' as const, amountFen: 1, reference: null };
      await settleProtection(uow, system, { ...command, version: await version() });
      expect(await database.read.get(protection, id)).to.include({ state: 'credited', settledFen: 20_000 });
      const still = await refusal(unsettleProtection(uow, system, { claimId: id, version: await version() }));
      expect(still.code).to.equal('purchasing:error.protection_used');
      await uow.run(system, (unit) => reverse(unit, used, { ...used, number: 'T-R' }));
      await unsettleProtection(uow, system, { claimId: id, version: await version() });
      expect(await database.read.get(protection, id)).to.include({ state: 'agreed', settledFen: null });
      await expectBooksRight(database);
    });

    it('books the same whether a device is sold before or after the agreement, and after both at once', async () => {
      const own = await open();
      const { database, uow, sample, at } = own;
      await receiveSample(uow, sample, imeisOf(12));
      at(NOW);
      const { id } = await draftProtection(uow, sample, 'all');
      await submitNow(database, uow, id);
      const before = await accountFen(database, 'inventory');
      const version = await protectionVersion(database, id);
      const agreement = () =>
        agreeProtection(uow, system, { claimId: id, version, dueOn: null, lines: [], exceptions: '' });
      const sales = [3, 4, 5, 6].map((n) => sellNow(uow, sample, [imeiOf(n)]));
      const both = await Promise.allSettled([agreement(), agreement(), ...sales]);
      // One agreement wins; each sale is there, whichever came first.
      expect(both.map(({ status }) => status).filter((status) => status === 'rejected')).to.have.length(1);
      // Both are on 5401.
      const margin = await accountFen(database, 'cost_of_sales');
      expect(margin).to.equal(4 * (COST - 20_000));
      expect(await accountFen(database, 'inventory')).to.equal(before - 4 * COST - 8 * 20_000);
      expect((await openFen(database))['receivable']).to.equal(12 * 20_000);
      await expectBooksRight(database);

      // Taken back: some of the devices were sold, one of them came home since.
      await takeBackNow(uow, sample, [imeiOf(3)]);
      await reverseProtection(uow, system, {
        claimId: id,
        version: await protectionVersion(database, id),
        reason: '供应商反悔',
      });
      expect(await openFen(database)).to.include({ receivable: 0 });
      const inBooks = (await accountFen(database, 'inventory')) + (await accountFen(database, 'cost_of_sales'));
      expect(inBooks).to.equal(before);
      expect(await costOf(database, imeiOf(1))).to.equal(COST);
      await expectBooksRight(database);
    });

    it('names the reason for each device it does not cover, and judges again until the supplier agrees', async () => {
      const own = await open();
      const { database, uow, sample, at } = own;
      const otherId = await uow.run(system, (unit) =>
        addSupplier(unit, testKeys, { name: '广州联讯', category: null, paymentDays: 0 }),
      );
      await receiveSample(uow, sample, [imeiOf(6)]);
      await sellNow(uow, sample, [imeiOf(6)], '2026-11-20');
      await receiveSample(uow, sample, imeisOf(3));
      await receiveSample(uow, sample, [imeiOf(4)], { supplierId: otherId });
      at(NOW);
      await receiveSample(uow, sample, [imeiOf(5)]);
      const pasted = [1, 2, 3, 4, 5, 6].map(imeiOf);
      const first = await draftProtection(uow, sample, pasted, { windowDays: 1 });
      // Entered at noon with a date two days before: it was there.
      expect(first.answers.map(({ reason }) => reason)).to.eql([
        'held',
        'held',
        'held',
        'other_supplier',
        'held',
        'sold_before',
      ]);
      const all = await draftProtection(uow, sample, 'all', { windowDays: 1 });
      expect(await database.read.get(protection, all.id)).to.include({ deviceCount: 0 });
      expect((await refusal(submitNow(database, uow, all.id))).code).to.equal('purchasing:error.protection_nothing');
      const second = await draftProtection(uow, sample, [imeiOf(1)]);
      expect(second.answers[0]).to.include({ outcome: 'wrong', reason: 'claimed', listed: true });
      const back = await draftReturn(uow, sample, [imeiOf(1)]);
      await postReturnNow(database, uow, back.id);
      expect(await recheckProtection(uow, system, { claimId: first.id })).to.eql({ changed: 1 });
      await submitNow(database, uow, first.id);
      const back2 = await draftReturn(uow, sample, [imeiOf(2)]);
      await postReturnNow(database, uow, back2.id);
      expect(await agree(own, first.id)).to.include({ covered: 2, dropped: 1, agreedFen: 40_000 });
      const rows = await database.read.find(protectionDevice, { claimId: first.id });
      expect(rows.find(({ mainNumber }) => mainNumber === imeiOf(2))).to.include({ reason: 'returned', agreedFen: 0 });
      await expectBooksRight(database);
    });

    it('is recalled, changed and refused; devices of other stores are not listed, prices need the right to see cost', async () => {
      const own = await open();
      const { database, uow, sample, at } = own;
      await receiveSample(uow, sample, imeisOf(2));
      at(NOW);
      const { id } = await draftProtection(uow, sample, imeisOf(2));
      await submitNow(database, uow, id);
      const version = () => protectionVersion(database, id);
      await recallProtection(uow, system, { claimId: id, version: await version() });
      const [line] = await database.read.find(protectionLine, { claimId: id });
      const prices = {
        id: line!.id,
        version: line!.version,
        oldPriceFen: 399_900,
        newPriceFen: 369_900,
        unitFen: null,
      };
      await changeProtectionLines(uow, system, { claimId: id, lines: [prices] });
      expect(await database.read.get(protection, id)).to.include({ claimedFen: 60_000, state: 'draft' });
      const high = { ...prices, version: 2, newPriceFen: 400_000 };
      expect(
        (await refusal(changeProtectionLines(uow, system, { claimId: id, lines: [high] }))).fields[0]?.path,
      ).to.equal('lines.0.unit');
      const scope = [sample.otherStoreId];
      const clerk = actorWith({ 'purchasing.protection.edit': scope, 'inventory.cost.view': scope });
      const elsewhere = await draftProtection(uow, sample, imeisOf(1), { actor: clerk, storeId: sample.otherStoreId });
      expect(elsewhere.answers[0]).to.include({ reason: 'other_store', listed: false });
      expect(await database.read.get(protection, elsewhere.id)).to.include({ deviceCount: 0 });
      const blind = actorWith({ 'purchasing.protection.edit': 'all' });
      expect((await refusal(draftProtection(uow, sample, [], { actor: blind }))).status).to.equal(403);

      await submitNow(database, uow, id);
      const reason = '不在活动范围';
      await refuseProtection(uow, system, { claimId: id, version: await version(), reason });
      expect(await database.read.get(protection, id)).to.include({ state: 'refused', refusalReason: reason });
      expect((await refusal(agree(own, id))).status).to.equal(409);
      // What was refused may stand in another claim for the same cut.
      const next = await draftProtection(uow, sample, imeisOf(2), { effectiveAt: HOUR + 60_000 });
      expect(next.answers.map(({ reason: why }) => why)).to.eql(['held', 'held']);
      const [its] = await database.read.find(protectionLine, { claimId: next.id });
      await removeProtectionLine(uow, system, { claimId: next.id, lineId: its!.id });
      expect(await database.read.get(protection, next.id)).to.include({ deviceCount: 2, heldCount: 0, claimedFen: 0 });
    });
  });
});
