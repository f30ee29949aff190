import { expect } from 'chai';
import { device, deviceEvent, verifyLedger } from '../../../src/ledger';
import { createTac } from '../../../src/modules/catalog/use-cases/save-tac';
import { addReceiptLines } from '../../../src/modules/purchasing/use-cases/add-receipt-lines';
import { postReceipt } from '../../../src/modules/purchasing';
import { PACKING_COLUMNS } from '../../../src/modules/purchasing/domain/packing-rows';
import { findBoxes } from '../../../src/modules/purchasing/queries/find-in-purchasing';
import { packingList, type PackingListRow, supplierCode } from '../../../src/modules/purchasing/store/packing.table';
import { receipt, receiptDevice, receiptLine } from '../../../src/modules/purchasing/store/receipt.table';
import { checkPackingList } from '../../../src/modules/purchasing/use-cases/check-packing-list';
import {
  choosePackingCodes,
  mapPackingList,
  takePackingList,
} from '../../../src/modules/purchasing/use-cases/packing-lists';
import { previewFile } from '../../../src/platform/imports';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { draftReceipt, imeiOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';

const actor = systemActor('何军');
const DEVICES = 1000;

describe('packing lists into a receipt', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let sample: SamplePurchasing;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      sample = await samplePurchasing(uow);
    });

    /** As an upload leaves it. */
    async function listOf(receiptId: number, content: Buffer): Promise<PackingListRow> {
      const { sheet, header } = await previewFile(content, PACKING_COLUMNS);
      const id = await uow.run(actor, async (unit) => {
        const made = unit.takeIds(packingList);
        await unit.insert(packingList, [
          {
            id: made,
            receiptId,
            supplierId: sample.supplierId,
            attachmentId: 1,
            fileName: 'a.csv',
            sheet,
            headerRow: header.row,
            mapping: header.mapping,
            heads: {},
            state: 'open',
            taken: 0,
            wrong: 0,
            createdAt: unit.now,
            createdBy: null,
            createdByName: '何军',
            takenAt: null,
            version: 1,
          },
        ]);
        return made;
      });
      return (await database.read.get(packingList, id)) as PackingListRow;
    }
    const fileOf = (rows: readonly string[][]): Buffer =>
      Buffer.from([['箱号', '型号', 'IMEI1', 'IMEI2', 'SN'], ...rows].map((cells) => cells.join(',')).join('\n'));
    const now = async (id: number) => (await database.read.get(packingList, id)) as PackingListRow;

    it('takes 1,000 devices of a chosen word in one go and posts them with their boxes', async function () {
      this.timeout(60_000);
      const { id: receiptId } = await draftReceipt(uow, sample);
      const content = fileOf(
        Array.from({ length: DEVICES }, (_, index) => [
          `BX${Math.floor(index / 20)}`,
          'XM17-W-512',
          imeiOf(index * 2 + 1),
          imeiOf(index * 2 + 2),
          `SN${String(index).padStart(6, '0')}`,
        ]),
      );
      const list = await listOf(receiptId, content);
      const asked = await checkPackingList(database.read, actor, list, content);
      expect([...asked.unknown]).to.deep.equal([['XM17-W-512', DEVICES]]);
      const step = { receiptId, listId: list.id };
      await choosePackingCodes(uow, actor, {
        ...step,
        version: 1,
        choices: [{ text: 'xm17-w-512', skuId: sample.phoneSkuIds[0] }],
      });
      const right = await checkPackingList(database.read, actor, list, content);
      expect(right).to.include({ rows: DEVICES, right: DEVICES, doubles: 0 });
      expect(right.boxes).to.have.length(DEVICES / 20);
      const command = { ...step, version: (await now(list.id)).version, content, keep: 'all' as const };
      const both = await Promise.allSettled([
        takePackingList(uow, actor, command),
        takePackingList(uow, actor, command),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await now(list.id)).to.include({ state: 'taken', taken: DEVICES, wrong: 0 });
      expect(await database.read.find(receiptDevice, { receiptId })).to.have.length(DEVICES);
      const [line] = await database.read.find(receiptLine, { receiptId });
      expect(line).to.include({ received: DEVICES, quantity: DEVICES });
      await uow.run(actor, (unit) => unit.update(receiptLine, line?.id ?? 0, { unitPriceFen: 100 }));
      const { version } = (await database.read.get(receipt, receiptId)) ?? { version: 0 };
      await postReceipt(uow, actor, { receiptId, version });
      expect(await findBoxes(database.read, actor, 'bx7')).to.deep.include({
        boxNo: 'BX7',
        receiptId,
        number: (await database.read.get(receipt, receiptId))?.number,
        devices: 20,
        skuName: right.boxes[0]?.name,
      });
      const [first] = await database.read.find(device, {});
      const [event] = await database.read.find(deviceEvent, { deviceId: first?.id ?? 0 });
      expect(event?.detail).to.include({ boxNo: 'BX0' });
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('knows a row without a product by its type allocation code, where that leaves one product', async () => {
      await createTac(uow, actor, { code: '86742106', brand: '小米', models: '小米 17', product: '小米 17' });
      const { id: receiptId } = await draftReceipt(uow, sample);
      const content = fileOf([['A', '', imeiOf(1), '', '']]);
      const list = await listOf(receiptId, content);
      const two = await checkPackingList(database.read, actor, list, content);
      expect(two.wrong.map(({ reason }) => reason?.code)).to.deep.equal(['purchasing:packing.problem.no_product']);
      await addReceiptLines(uow, actor, { receiptId, lines: [{ skuId: sample.phoneSkuIds[1], quantity: 5 }] });
      const one = await checkPackingList(database.read, actor, list, content);
      expect(one).to.include({ right: 1 });
      expect(one.added, 'the line is there').to.deep.equal([]);
    });

    it('finds products by name, tells what is wrong with each row, and refuses what is no longer true', async () => {
      const { id: receiptId } = await draftReceipt(uow, sample);
      const content = fileOf([
        ['A', 'MI17-01', imeiOf(1), imeiOf(2), ''],
        ['A', 'MI17-01', imeiOf(2), imeiOf(3), ''],
        ['A', '', imeiOf(9), '', ''],
        ['A', 'MI17-01', '8.67421E+14', '', ''],
      ]);
      const list = await listOf(receiptId, content);
      const check = await checkPackingList(database.read, actor, list, content);
      expect(check.wrong.map(({ key, reason }) => [key, reason?.code.split('.').at(-1)])).to.deep.equal([
        ['3', 'shared_number'],
        ['4', 'no_product'],
        ['5', 'excel_number'],
      ]);
      const step = { receiptId, listId: list.id, version: 1 };
      const wrong = await refusal(takePackingList(uow, actor, { ...step, content, keep: 'all' }));
      expect(wrong).to.have.property('code', 'purchasing:packing.error.wrong');
      expect(await database.read.find(receiptLine, { receiptId }), 'nothing is left of it').to.have.length(0);
      await mapPackingList(uow, actor, {
        ...step,
        mapping: { imei1: 2 },
        names: ['箱号', '型号', 'IMEI1', 'IMEI2', 'SN'],
      });
      expect(await now(list.id)).to.deep.include({ heads: { imei1: 'IMEI1' } });
      const nothing = await refusal(takePackingList(uow, actor, { ...step, version: 2, content, keep: 'right' }));
      expect(nothing).to.have.property('code', 'purchasing:packing.error.nothing');
      expect(await refusal(takePackingList(uow, actor, { ...step, content, keep: 'right' }))).to.have.property(
        'status',
      );
      const choices = [{ text: 'X', skuId: sample.phoneSkuIds[0] }];
      await choosePackingCodes(uow, actor, { ...step, version: 2, choices });
      await choosePackingCodes(uow, actor, { ...step, version: 3, choices });
      expect(await database.read.find(supplierCode, {})).to.have.length(1);
    });
  });
});
