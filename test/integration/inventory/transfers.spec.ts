import { expect } from 'chai';
import { device, stockBalance, verifyLedger } from '../../../src/ledger';
import {
  addTransferLine,
  countTransfer,
  createTransfer,
  decideTransfer,
  receiveTransfer,
  resolveTransfer,
  reverseTransferStep,
  scanIntoTransfer,
  readTransferScan,
  sendTransfer,
  transferDevice,
  transferLine,
  transferStep,
} from '../../../src/modules/inventory';
import { transferChecks } from '../../../src/modules/inventory/queries/transfer-checks';
import { transferScanState } from '../../../src/modules/inventory/queries/transfer-page';
import { dropTransferScans, takeOffTransfer } from '../../../src/modules/inventory/use-cases/scan-into-transfer';
import { sendUnexpected } from '../../../src/modules/inventory/use-cases/send-unexpected';
import { postSale } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');
const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => (await refusal(work)).code;

describe('transfers', function () {
  this.timeout(90_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let hands: ReturnType<typeof transferHands>;
    beforeEach(async () => {
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 2) }));
      shop = await sampleShop(uow);
      hands = transferHands(uow);
    });

    const verify = async (): Promise<void> => {
      const { checks } = await verifyLedger(database.read, [transferChecks]);
      expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    };
    /** Bucket, pieces and value of the SKU in each store. */
    const stock = async (skuId: number): Promise<string[]> => {
      const rows = await database.read.find(stockBalance, { skuId });
      return rows
        .filter(({ quantity }) => quantity !== 0)
        .map((one) => `${one.storeId === shop.storeId ? 'A' : 'B'} ${one.bucket} ${one.quantity} ${one.valueFen}`)
        .sort();
    };
    const accounts = async (): Promise<string[]> => {
      const rows = await database.read.all<{ storeId: number; code: string; fen: number }>(
        sql`SELECT l.store_id, a.code, SUM(l.debit_fen) - SUM(l.credit_fen) AS fen FROM journal_line l
          JOIN account a ON a.id = l.account_id WHERE a.code IN ('1405', '1901', '5602')
          GROUP BY l.store_id, a.code ORDER BY l.store_id, a.code`,
      );
      return rows.map((one) => `${one.storeId === shop.storeId ? 'A' : 'B'} ${one.code} ${Number(one.fen)}`);
    };
    const [first, second] = [imeiOf(0), imeiOf(1)];
    const steps = (transferId: number) => database.read.find(transferStep, { transferId });

    it('are asked for, approved, sent and received: devices and goods keep their cost through the way', async () => {
      const [white] = shop.phoneSkuIds;
      const { id, number } = await hands.draft(shop.locationId, shop.otherLocationId, [
        { skuId: white, quantity: 2 },
        { skuId: shop.chargerSkuId, quantity: 3 },
      ]);
      expect(number).to.equal('DB261122-NJ01-0001');
      await hands.decide(id, 'request');
      await hands.decide(id, 'approve');
      expect((await hands.scan(id, first, second, imeiOf(2))).verdicts.map(({ outcome }) => outcome)).to.deep.equal([
        'right',
        'right',
        'wrong',
      ]);
      const charger = (await database.read.find(transferLine, { transferId: id, skuId: shop.chargerSkuId }))[0];
      await countTransfer(uow, actor, {
        ...(await hands.version(id)),
        lines: [{ lineId: charger?.id ?? 0, quantity: 3 }],
      });
      expect(
        await codeOf(
          countTransfer(uow, actor, {
            ...(await hands.version(id)),
            lines: [{ lineId: charger?.id ?? 0, quantity: 4 }],
          }),
        ),
      ).to.equal('errors:form');
      await hands.send(id);
      expect(await stock(white)).to.deep.equal([
        'A sellable 3 1170009',
        'B in_transit 2 780001',
        'B sellable 1 388000',
      ]);
      expect(await stock(shop.chargerSkuId)).to.deep.equal(['A sellable 7 35001', 'B in_transit 3 15000']);
      expect(await accounts()).to.deep.equal(['A 1405 1205010', 'B 1405 1183001']);
      await verify();

      await hands.scan(id, '6934177700019', first, second);
      await countTransfer(uow, actor, {
        ...(await hands.version(id)),
        lines: [{ lineId: charger?.id ?? 0, quantity: 3 }],
      });
      await hands.receive(id);
      const row = await hands.row(id);
      expect([row.state, row.sent, row.received, row.sentFen]).to.deep.equal(['done', 5, 5, 795_001]);
      expect(await stock(white)).to.deep.equal(['A sellable 3 1170009', 'B sellable 3 1168001']);
      expect(await stock(shop.chargerSkuId)).to.deep.equal(['A sellable 7 35001', 'B sellable 3 15000']);
      expect((await steps(id)).map((one) => [one.number, one.kind, one.quantity, one.valueFen])).to.deep.equal([
        [`${number}/1`, 'send', 5, 795_001],
        [`${number}/2`, 'receive', 5, 795_001],
      ]);
      await verify();
    });

    it('charge the receiving store more than cost: costs stay, the results of both stores change, and only on receipt', async () => {
      const { id } = await createTransfer(uow, actor, {
        fromLocationId: shop.locationId,
        toLocationId: shop.otherLocationId,
        markupBp: 333,
      });
      await hands.paste(id, [first, second]);
      await hands.decide(id, 'approve');
      await hands.send(id);
      const results = async (): Promise<string[]> => {
        const rows = await database.read.all<{ storeId: number; fen: number }>(
          sql`SELECT l.store_id, SUM(l.debit_fen) - SUM(l.credit_fen) AS fen FROM journal_line l
            JOIN posting p ON p.id = (SELECT e.posting_id FROM journal_entry e WHERE e.id = l.entry_id)
            JOIN account a ON a.id = l.account_id
            WHERE p.document_type = 'inventory.transfer_step' AND a.code = '5401' GROUP BY l.store_id ORDER BY l.store_id`,
        );
        return rows.map(({ storeId, fen }) => `${storeId === shop.storeId ? 'A' : 'B'} ${Number(fen)}`);
      };
      expect(await results()).to.deep.equal([]);
      await hands.scan(id, first, second);
      await hands.receive(id);
      // 3.33 % of 7,800.01.
      expect(await results()).to.deep.equal(['A -25974', 'B 25974']);
      expect((await stock(shop.phoneSkuIds[0])).at(-1)).to.equal('B sellable 3 1168001');
      const [, receipt] = await steps(id);
      expect([receipt?.valueFen, receipt?.markupFen]).to.deep.equal([780_001, 25_974]);
      await verify();
      const back = { ...(await hands.version(id)), stepId: receipt?.id ?? 0, reason: '错收' };
      await reverseTransferStep(uow, actor, back);
      expect(await results()).to.deep.equal(['A 0', 'B 0']);
      const clerk = actorWith({ 'inventory.transfer.create': 'all' });
      const asked = { fromLocationId: shop.locationId, toLocationId: shop.otherLocationId };
      expect(await codeOf(createTransfer(uow, clerk, { ...asked, markupBp: 500 }))).to.equal('errors:forbidden');
      expect(await codeOf(createTransfer(uow, actor, { ...asked, markupBp: 10_001 }))).to.equal('errors:form');
    });

    it('receive in parts; what is missing is found, comes back or is written off, and nothing stays on the way', async () => {
      const [white] = shop.phoneSkuIds;
      const id = await hands.sent(shop.locationId, shop.otherLocationId, [0, 1, 2, 3].map(imeiOf));
      await hands.paste(id, [imeiOf(0)], { damaged: true });
      await hands.receive(id);
      expect(await stock(white)).to.include('B defective 1 390000');
      await hands.paste(id, [imeiOf(1)]);
      expect((await hands.scan(id, imeiOf(0), imeiOf(1))).verdicts.map(({ reason }) => reason.code)).to.deep.equal([
        'inventory:transfer.scan.ended',
        'inventory:transfer.scan.arrivedBefore',
      ]);
      await hands.receive(id);
      const rows = await database.read.find(transferDevice, { transferId: id, state: 'sent' });
      const resolve = async (kind: 'return' | 'loss', deviceRows: number[] | 'all') =>
        resolveTransfer(uow, actor, {
          ...(await hands.version(id)),
          kind,
          deviceRows,
          goods: [],
          reason: '快递丢失',
          bearerStoreId: shop.storeId,
        });
      await resolve('return', [rows[0]?.id ?? 0]);
      expect(await stock(white)).to.include('A sellable 2 780006');
      const loss = await resolve('loss', 'all');
      expect(await accounts()).to.deep.equal(['A 1405 830007', 'A 1901 0', 'A 5602 390003', 'B 1405 1168001']);
      expect((await hands.row(id)).state).to.equal('done');
      await verify();
      // Found after all: the loss is taken back and the handset received.
      await reverseTransferStep(uow, actor, { ...(await hands.version(id)), stepId: loss.stepId, reason: '找到了' });
      expect([(await hands.row(id)).state, (await hands.row(id)).lost]).to.deep.equal(['sent', 0]);
      await hands.paste(id, [imeiOf(3)]);
      await hands.receive(id);
      expect((await hands.row(id)).state).to.equal('done');
      expect(await accounts()).to.include('A 5602 0');
      await verify();
    });

    it('say where the books have what came unexpected, and the sender sends it afterwards', async () => {
      const id = await hands.sent(shop.locationId, shop.otherLocationId, [first]);
      const { verdicts } = await hands.scan(id, first, second, imeiOf(50), imeiOf(99));
      expect(verdicts.map(({ outcome, reason }) => `${outcome} ${reason.code.split('.').at(-1)}`)).to.deep.equal([
        'right arrived',
        'wrong unexpected',
        'wrong unexpected',
        'wrong unknownArrived',
      ]);
      expect(verdicts[1]?.reason.details).to.include({ place: '新街口店 前仓', number: second });
      const row = await hands.row(id);
      const { open, tally } = await transferScanState(database.read, row);
      expect(tally).to.deep.equal({ right: 1, double: 0, wrong: 3 });
      expect(open.map(({ atSender }) => atSender)).to.deep.equal([true, false, false]);
      await sendUnexpected(uow, actor, { ...(await hands.version(id)), scanIds: [open[0]?.id ?? 0] });
      await verify();
      await hands.receive(id);
      expect([(await hands.row(id)).state, (await hands.row(id)).received]).to.deep.equal(['done', 2]);
      expect(
        await codeOf(sendUnexpected(uow, actor, { ...(await hands.version(id)), scanIds: [open[1]?.id ?? 0] })),
      ).to.equal('inventory:error.transfer_state');
      await verify();
    });

    it('let go of what was scanned by mistake, before it leaves and at arrival, and of what was sent afterwards', async () => {
      const { id } = await hands.draft(shop.locationId, shop.otherLocationId);
      await hands.paste(id, [first, second]);
      const rows = () => database.read.find(transferDevice, { transferId: id });
      const takeOff = async (index: number) =>
        takeOffTransfer(uow, actor, { transferId: id, rowIds: [(await rows())[index]?.id ?? 0] });
      expect(await takeOff(1)).to.deep.equal({ devices: 1 });
      const [line] = await database.read.find(transferLine, { transferId: id });
      expect([line?.picked, (await rows()).length]).to.deep.equal([1, 1]);
      await hands.decide(id, 'approve');
      await hands.send(id);
      await hands.scan(id, first, second);
      expect(await takeOff(0)).to.deep.equal({ devices: 1 });
      expect(await codeOf(hands.receive(id))).to.equal('inventory:error.transfer_nothing_arrived');
      const { open } = await transferScanState(database.read, await hands.row(id));
      const late = await sendUnexpected(uow, actor, { ...(await hands.version(id)), scanIds: [open[0]?.id ?? 0] });
      expect((await hands.row(id)).sent).to.equal(2);
      await reverseTransferStep(uow, actor, {
        ...(await hands.version(id)),
        stepId: late.stepId,
        reason: '不是这张单的',
      });
      expect([(await hands.row(id)).state, (await hands.row(id)).sent, (await rows()).length]).to.deep.equal([
        'sent',
        1,
        1,
      ]);
      await verify();
      await hands.scan(id, imeiOf(99));
      const { dropped } = await dropTransferScans(uow, actor, { transferId: id, scanIds: 'all' });
      expect(dropped).to.equal(1);
    });

    it('give a scan that comes again its first answer, and post once for one operation', async () => {
      const { id } = await hands.draft(shop.locationId, shop.otherLocationId);
      const scans = [
        readTransferScan('s1', first),
        readTransferScan('s2', first),
        readTransferScan('s3', '6934177700019'),
      ];
      const once = await scanIntoTransfer(uow, actor, { transferId: id, scans });
      expect(once.verdicts.map(({ outcome }) => outcome)).to.deep.equal(['right', 'double', 'right']);
      expect(
        (await scanIntoTransfer(uow, actor, { transferId: id, scans })).verdicts.map(({ outcome }) => outcome),
      ).to.deep.equal(['right', 'double', 'right']);
      const lines = await database.read.find(transferLine, { transferId: id });
      expect(lines.map(({ picked, quantity }) => [picked, quantity])).to.deep.equal([
        [1, 1],
        [1, 1],
      ]);
      await hands.decide(id, 'approve');
      const version = await hands.version(id);
      const sent = await sendTransfer(uow, actor, version, { operationKey: 'send-once-1' });
      expect(await sendTransfer(uow, actor, version, { operationKey: 'send-once-1' })).to.deep.equal(sent);
      expect(await codeOf(sendTransfer(uow, actor, version))).to.equal('errors:stale');
      expect(await steps(id)).to.have.length(1);
    });

    it('reversed, the sending puts everything back as long as nothing was received', async () => {
      const [white] = shop.phoneSkuIds;
      const before = [await stock(white), await stock(shop.chargerSkuId)];
      const { id } = await hands.draft(shop.locationId, shop.otherLocationId, [
        { skuId: shop.chargerSkuId, quantity: 3 },
      ]);
      await hands.scan(id, first, '6934177700019');
      await hands.decide(id, 'approve');
      const { stepId } = await hands.send(id);
      await hands.paste(id, [first]);
      await hands.receive(id);
      const undo = async (stepOf: number) =>
        reverseTransferStep(uow, actor, { ...(await hands.version(id)), stepId: stepOf, reason: '发错' });
      expect(await codeOf(undo(stepId))).to.equal('ledger:error.has_dependents');
      await undo((await steps(id))[1]?.id ?? 0);
      await undo(stepId);
      expect([await stock(white), await stock(shop.chargerSkuId)]).to.deep.equal(before);
      const row = await hands.row(id);
      expect([row.state, row.sent, row.sentFen, row.stepCount]).to.deep.equal(['approved', 0, 0, 4]);
      await verify();
      await hands.send(id);
      await verify();
      expect((await hands.row(id)).sent).to.equal(2);
    });

    it('of two that send one handset at the same moment, and of a sale, one wins and the other is told', async () => {
      const draft = async (): Promise<number> => {
        const { id } = await hands.draft(shop.locationId, shop.otherLocationId);
        return id;
      };
      // Scanned into both before either is sent: a page that was open for long. The second scan is refused by itself.
      const [one, two] = [await draft(), await draft()];
      await hands.paste(one, [first, second]);
      expect((await hands.scan(two, first)).verdicts[0]?.reason.code).to.equal('inventory:transfer.scan.in_other');
      await hands.decide(one, 'approve');
      const handset = shop.devices[0];
      const tries = await Promise.allSettled([
        hands.send(one),
        postSale(uow, actor, {
          registerId: shop.registerId,
          lines: [{ skuId: shop.phoneSkuIds[0], deviceId: handset?.id ?? 0, quantity: 1, discountFen: 0 }],
          tenders: [{ kind: 'cash', amountFen: 449_900 }],
        }),
      ]);
      expect(tries.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const [row] = await database.read.find(device, { id: handset?.id ?? 0 });
      expect(row?.state).to.equal(tries[0].status === 'fulfilled' ? 'in_transit' : 'sold');
      await verify();

      // The same handset in two transfers, as when both were scanned at the same moment.
      const [three, four] = [await draft(), await draft()];
      await hands.paste(three, [imeiOf(3)]);
      await hands.paste(four, [imeiOf(4)]);
      await uow.run(actor, (unit) =>
        unit.execute(
          sql`UPDATE transfer_device SET device_id = ${shop.devices[3]?.id ?? 0} WHERE transfer_id = ${four}`,
        ),
      );
      await hands.decide(three, 'approve');
      await hands.decide(four, 'approve');
      const both = await Promise.allSettled([hands.send(three), hands.send(four)]);
      expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect((lost.reason as { code: string }).code).to.equal('inventory:error.transfer_devices_gone');
      await verify();
    });

    it('belong to both stores: each does its own part, others see nothing', async () => {
      const at = (storeId: number, ...rights: string[]) =>
        actorWith(Object.fromEntries(rights.map((right) => [`inventory.transfer.${right}`, [storeId]])));
      const command = { fromLocationId: shop.locationId, toLocationId: shop.otherLocationId };
      const wanting = at(shop.otherStoreId, 'create', 'send', 'approve');
      const giving = at(shop.storeId, 'approve', 'send', 'receive');
      expect(await codeOf(createTransfer(uow, at(999, 'create'), command))).to.equal('errors:forbidden');
      const { id } = await createTransfer(uow, wanting, {
        ...command,
        lines: [{ skuId: shop.phoneSkuIds[0], quantity: 1 }],
      });
      const decide = async (who: ReturnType<typeof at>, decision: 'request' | 'approve') =>
        decideTransfer(uow, who, { ...(await hands.version(id)), decision });
      await decide(wanting, 'request');
      expect(await codeOf(decide(wanting, 'approve'))).to.equal('errors:forbidden');
      await decide(giving, 'approve');
      const scan = { transferId: id, scans: [readTransferScan('a', first)] };
      expect(await codeOf(scanIntoTransfer(uow, wanting, scan))).to.equal('errors:forbidden');
      await scanIntoTransfer(uow, giving, scan);
      expect(await codeOf(sendTransfer(uow, wanting, await hands.version(id)))).to.equal('errors:forbidden');
      await sendTransfer(uow, giving, await hands.version(id));
      expect(await codeOf(receiveTransfer(uow, giving, await hands.version(id)))).to.equal('errors:forbidden');
      const loss = {
        ...(await hands.version(id)),
        kind: 'loss' as const,
        deviceRows: 'all' as const,
        goods: [],
        reason: '丢',
      };
      expect(await codeOf(resolveTransfer(uow, giving, loss))).to.equal('errors:forbidden');
      await resolveTransfer(uow, at(shop.otherStoreId, 'write-off'), loss);
      expect((await hands.row(id)).state).to.equal('done');
    });

    it('take goods that expire first, at what lies there; short ones are named', async () => {
      const { id } = await hands.draft(shop.locationId, shop.otherLocationId);
      const { lineId } = await addTransferLine(uow, actor, { transferId: id, skuId: shop.chargerSkuId, quantity: 30 });
      await countTransfer(uow, actor, { ...(await hands.version(id)), lines: [{ lineId, quantity: 30 }] });
      await hands.decide(id, 'approve');
      expect(await codeOf(hands.send(id))).to.equal('inventory:error.transfer_short');
      await countTransfer(uow, actor, { ...(await hands.version(id)), lines: [{ lineId, quantity: 10 }] });
      await hands.send(id);
      // Two portions of one part: 3 at the average, then the rest with what rounding left.
      await countTransfer(uow, actor, { ...(await hands.version(id)), lines: [{ lineId, quantity: 3, damaged: 1 }] });
      await hands.receive(id);
      expect(await stock(shop.chargerSkuId)).to.deep.equal([
        'B defective 1 5000',
        'B in_transit 7 35001',
        'B sellable 2 10000',
      ]);
      const version = await hands.version(id);
      await resolveTransfer(uow, actor, {
        ...version,
        kind: 'return',
        deviceRows: [],
        goods: [{ lineId, quantity: 7 }],
        reason: '超发',
      });
      expect(await stock(shop.chargerSkuId)).to.deep.equal([
        'A sellable 7 35001',
        'B defective 1 5000',
        'B sellable 2 10000',
      ]);
      expect((await hands.row(id)).state).to.equal('done');
      await verify();
    });
  });
});
