import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parseScanLine } from '../../../src/kernel';
import { device, verifyLedger } from '../../../src/ledger';
import { resolveTransfer, reverseTransferStep, transferStep } from '../../../src/modules/inventory';
import { EVERYTHING } from '../../../src/modules/inventory/domain/stocktake-scope';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { transferChecks } from '../../../src/modules/inventory/queries/transfer-checks';
import { stockChange } from '../../../src/modules/inventory/store/change.table';
import { stocktake } from '../../../src/modules/inventory/store/stocktake.table';
import { stockApprovalConfiguration } from '../../../src/modules/inventory/use-cases/approval-level-configuration';
import { scanIntoChange } from '../../../src/modules/inventory/use-cases/change-lines';
import { finishCounting, startStocktake } from '../../../src/modules/inventory/use-cases/count-stocktake';
import { createChange } from '../../../src/modules/inventory/use-cases/create-change';
import { approveChange, submitChange } from '../../../src/modules/inventory/use-cases/decide-change';
import { planStocktake } from '../../../src/modules/inventory/use-cases/plan-stocktake';
import { postChange } from '../../../src/modules/inventory/use-cases/post-change';
import { postStocktake } from '../../../src/modules/inventory/use-cases/post-stocktake';
import { scanIntoStocktake } from '../../../src/modules/inventory/use-cases/scan-into-stocktake';
import { addSupplier, agreeProtection, receiveGoods } from '../../../src/modules/purchasing';
import { reverseReceipt } from '../../../src/modules/purchasing/use-cases/reverse-receipt';
import { reversePayment } from '../../../src/modules/finance/use-cases/post-payment';
import { payment } from '../../../src/modules/finance/store/payment.table';
import { receipt } from '../../../src/modules/purchasing/store/receipt.table';
import { postSale } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { draftInvoice, linesOfReceipt, postInvoiceNow } from '../../support/invoices';
import { personWith, setApprovalLevels } from '../../support/orders';
import { draftPayment, postPaymentNow } from '../../support/payments';
import { draftProtection, protectionVersion, submitNow } from '../../support/protections';
import { draftReturn, postReturnNow } from '../../support/returns';
import { sampleShop, type SampleShop } from '../../support/sample-shop';
import { imeiOf as bought } from '../../support/purchasing';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');
/** What goes wrong once in a few times is met. */
const ROUNDS = 4;
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

describe('two people at once, again and again', function () {
  this.timeout(300_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop & { supplierId: number };
    let serial = 0;
    const NOW = Date.UTC(2026, 10, 22, 4);
    beforeEach(async () => {
      ({ database, uow } = await context.openUow({ clock: () => NOW }));
      const made = await sampleShop(uow);
      const supplierId = await uow.run(actor, (unit) =>
        addSupplier(unit, testKeys, { name: '深圳华盛通讯', category: '国代', paymentDays: 30 }),
      );
      shop = { ...made, supplierId };
      serial = 0;
    });
    const sound = async (): Promise<void> => {
      const { checks } = await verifyLedger(database.read, [transferChecks]);
      expect(checks.filter(({ ok }) => !ok)).to.eql([]);
    };
    const receive = async (count: number, at = shop.locationId, storeId = shop.storeId) => {
      const devices = Array.from({ length: count }, () => bought(++serial));
      const { id } = await receiveGoods(uow, actor, {
        supplierId: shop.supplierId,
        storeId,
        locationId: at,
        businessDate: '2026-11-20',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: shop.phoneSkuIds[0], quantity: count, unitPriceFen: 392_000, devices }],
      });
      const ids = await database.read.all<{ id: number; value: string }>(
        sql`SELECT d.id, i.value FROM device d JOIN device_identifier i ON i.device_id = d.id WHERE i.value IN (${sql.list(devices)})`,
      );
      return { id, devices, deviceIds: devices.map((n) => ids.find(({ value }) => value === n)?.id ?? 0) };
    };
    const sell = (deviceId: number) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
      });
    const stateOf = async (id: number) => (await database.read.get(device, id))?.state;
    const code = (r: PromiseSettledResult<unknown>) =>
      r.status === 'fulfilled' ? 'ok' : ((r.reason as { code?: string }).code ?? String((r.reason as Error).stack));
    /** All at the same moment; 'ok' or the code of the refusal of each. */
    const race = async (...work: (() => Promise<unknown>)[]): Promise<string[]> =>
      (await Promise.allSettled(work.map((one) => one()))).map(code);
    const oks = (results: readonly string[]): number => results.filter((one) => one === 'ok').length;
    const rounds = async (work: (round: number) => Promise<void>): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        await work(round);
        await sound();
      }
    };

    it('send, sell, receive, take back and undo the same transfer: each handset is in one place', async () => {
      const hands = transferHands(uow, actor);
      await rounds(async (round) => {
        const { devices, deviceIds } = await receive(3);
        const { id } = await hands.draft(shop.locationId, shop.otherLocationId, [
          { skuId: shop.chargerSkuId, quantity: 1 },
        ]);
        await hands.paste(id, devices);
        await hands.decide(id, 'approve');
        const sent = await race(
          () => hands.send(id),
          () => hands.send(id),
          () => sell(deviceIds[0] ?? 0),
        );
        expect(oks(sent), sent.join()).to.equal(1);
        if (sent[2] === 'ok') return;
        await hands.paste(id, [devices[1] ?? '']);
        const [step] = await database.read.find(transferStep, { transferId: id });
        const seen = await hands.version(id);
        const kind = round % 2 === 0 ? ('loss' as const) : ('return' as const);
        const ended = await race(
          () => hands.receive(id),
          () => resolveTransfer(uow, actor, { ...seen, kind, deviceRows: 'all', goods: [], reason: '少了' }),
          () => reverseTransferStep(uow, actor, { ...seen, stepId: step?.id ?? 0, reason: '发错' }),
        );
        expect(oks(ended), ended.join()).to.equal(1);
        // Whatever came first, there is a way on for what is still on the way.
        const { state } = await hands.row(id);
        if (state === 'sent') {
          await hands.paste(id, devices);
          await hands.receive(id);
        }
        expect(await Promise.all(deviceIds.map(stateOf))).not.to.include('in_transit');
      });
    });

    it('finish and post the same stocktake while one of its handsets is sold and another sent', async () => {
      const hands = transferHands(uow, actor);
      await rounds(async () => {
        const { devices, deviceIds } = await receive(3);
        const { id } = await planStocktake(uow, actor, {
          locationId: shop.locationId,
          scope: EVERYTHING,
          blind: false,
        });
        const at = async () => ({ id, version: (await database.read.get(stocktake, id))?.version ?? 0 });
        await startStocktake(uow, actor, await at());
        const there = await database.read.all<{ value: string }>(
          sql`SELECT i.value FROM device d JOIN device_identifier i ON i.device_id = d.id
            WHERE d.location_id = ${shop.locationId} AND d.state = 'in_stock' AND i.active_key IS NOT NULL`,
        );
        const scans = there.map(({ value }) => value).filter((value) => value !== devices[0]);
        const count = (texts: string[]) => scanIntoStocktake(uow, actor, { id, scans: texts.map(scanOf) });
        await Promise.all([count(scans), count(scans.toReversed())]);
        const counted = await at();
        expect(oks(await race(...[1, 2].map(() => () => finishCounting(uow, actor, counted))))).to.equal(1);
        const { id: transferId } = await hands.draft(shop.locationId, shop.otherLocationId);
        await hands.paste(transferId, [devices[1] ?? '']);
        await hands.decide(transferId, 'approve');
        const seen = { missing: 1, taken: 0, goods: 0 };
        const checked = await at();
        const post = () => postStocktake(uow, actor, { ...checked, seen });
        const results = await race(
          post,
          post,
          () => sell(deviceIds[0] ?? 0),
          () => hands.send(transferId),
        );
        const [first, second, sold, sent] = results;
        expect(sent, 'it was counted: it may go').to.equal('ok');
        expect(oks([first ?? '', second ?? '', sold ?? '']), results.join()).to.equal(1);
        expect(await stateOf(deviceIds[0] ?? 0)).to.equal(sold === 'ok' ? 'sold' : 'missing');
        if (sold === 'ok') await postStocktake(uow, actor, { ...(await at()), seen: { ...seen, missing: 0 } });
      });
    });

    it('submit, approve and post the same adjustment while a handset of it is sold', async () => {
      const levels = [
        { name: '店长', fromFen: 1, role: 'manager' },
        { name: '财务', fromFen: 2, role: 'accountant' },
      ];
      await setApprovalLevels(uow, levels, stockApprovalConfiguration);
      const people: Actor[] = [];
      for (const [role, login] of [
        ['manager', 'm1'],
        ['manager', 'm2'],
        ['accountant', 'a1'],
      ] as const)
        people.push(await personWith(uow, role, login));
      const accountant = people[2] ?? actor;
      const reason = (await changeReasons(database.read)).find((one) => one.effect === 'loss');
      await rounds(async () => {
        const { devices, deviceIds } = await receive(2);
        const { id } = await createChange(uow, actor, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
        await scanIntoChange(uow, actor, { id, scans: devices.map(scanOf) });
        const at = async () => ({ id, version: (await database.read.get(stockChange, id))?.version ?? 0 });
        const twice = async (work: (seen: { id: number; version: number }) => (() => Promise<unknown>)[]) => {
          const results = await race(...work(await at()));
          expect(oks(results), results.join()).to.equal(1);
          return results;
        };
        await twice((seen) => [1, 2].map(() => () => submitChange(uow, actor, seen)));
        await twice((seen) => people.map((who) => () => approveChange(uow, who, seen)));
        if ((await database.read.get(stockChange, id))?.state === 'submitted')
          await twice((seen) => [1, 2].map(() => () => approveChange(uow, accountant, seen)));
        const results = await twice((seen) => [
          ...[1, 2].map(() => () => postChange(uow, actor, seen)),
          () => sell(deviceIds[0] ?? 0),
        ]);
        expect(await stateOf(deviceIds[0] ?? 0)).to.equal(results[2] === 'ok' ? 'sold' : 'missing');
        expect(await stateOf(deviceIds[1] ?? 0)).to.equal(results[2] === 'ok' ? 'in_stock' : 'missing');
      });
    });

    it('match, protect, return, sell and undo what one receipt brought, and pay it twice', async () => {
      await rounds(async (round) => {
        const { id, devices, deviceIds } = await receive(4);
        const lines = await linesOfReceipt(database, id);
        const [one, two] = [
          await draftInvoice(uow, shop, lines, { totalFen: 4 * 392_000, invoiceNumber: `A${round}` }),
          await draftInvoice(uow, shop, lines, { totalFen: 4 * 392_000, invoiceNumber: `B${round}` }),
        ];
        const terms = { unitFen: 11_300, withTax: true, effectiveAt: NOW };
        const { id: claimId } = await draftProtection(uow, shop, devices, terms);
        await submitNow(database, uow, claimId);
        const back = await draftReturn(uow, shop, [devices[3] ?? '']);
        const seen = (await database.read.get(receipt, id))?.version ?? 0;
        const claim = { claimId, version: await protectionVersion(database, claimId) };
        const agree = () => agreeProtection(uow, actor, { ...claim, dueOn: null, lines: [], exceptions: '' });
        const [first, second, agreed, again, returned, undone, sold] = await race(
          () => postInvoiceNow(database, uow, one.id),
          () => postInvoiceNow(database, uow, two.id),
          agree,
          agree,
          () => postReturnNow(database, uow, back.id),
          () => reverseReceipt(uow, actor, { receiptId: id, version: seen, reason: '错' }),
          () => sell(deviceIds[0] ?? 0),
        );
        expect(oks([first ?? '', second ?? ''])).to.be.lessThan(2);
        expect(oks([agreed ?? '', again ?? ''])).to.be.lessThan(2);
        const others = [first, second, agreed, again, returned, sold].map((result) => result ?? '');
        // Either nothing came of the receipt, or it was never undone.
        expect(undone === 'ok' ? oks(others) : oks(others) > 0, [undone, ...others].join()).to.equal(
          undone === 'ok' ? 0 : true,
        );
        await sound();
        const { id: paymentId } = await draftPayment(uow, shop, { amountFen: 300_000 });
        const pay = () => postPaymentNow(database, uow, paymentId);
        expect(oks(await race(pay, pay))).to.equal(1);
        const version = (await database.read.get(payment, paymentId))?.version ?? 0;
        const unpay = () => reversePayment(uow, actor, { paymentId, version, reason: '错' });
        expect(oks(await race(unpay, unpay))).to.equal(1);
      });
    });
  });
});
