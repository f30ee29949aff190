import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { activeNumbers, deviceLife, findByNumbers, verifyLedger } from '../../../src/ledger';
import { lineageOf } from '../../../src/modules/inventory/domain/number-lineage';
import { numberChange } from '../../../src/modules/inventory/store/number-change.table';
import { cancelNumberChange, createNumberChange } from '../../../src/modules/inventory/use-cases/create-number-change';
import {
  addNumberEntry,
  type NumberEntry,
  pasteNumberPairs,
  removeNumberLine,
} from '../../../src/modules/inventory/use-cases/number-lines';
import { postNumberChange, reverseNumberChange } from '../../../src/modules/inventory/use-cases/post-number-change';
import { numberLines } from '../../../src/modules/inventory/store/number-change.store';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const entry = (current: string, other = '', way: NumberEntry['way'] = 'replace'): NumberEntry => ({
  way,
  current,
  other,
  override: false,
});

describe('corrections of device numbers', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    const deviceId = (index: number): number => shop.devices[index]?.id ?? 0;
    const numbersOf = async (index: number): Promise<string[]> =>
      ((await activeNumbers(database.read, [deviceId(index)])).get(deviceId(index)) ?? []).map(({ value }) => value);
    const draft = async (first: NumberEntry, reason = 'mis_scan', who: Actor = actor): Promise<number> =>
      (await createNumberChange(uow, who, { ...first, reason, note: '' })).id;
    const seen = async (id: number) => ({ id, version: (await database.read.get(numberChange, id))?.version ?? 0 });
    const postIt = async (id: number, who: Actor = actor) => postNumberChange(uow, who, await seen(id));
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);

    it('replaces the number of a sold handset; the old one finds it, and the reversal brings it back', async () => {
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: deviceId(0), quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });
      const id = await draft(entry(imeiOf(0), imeiOf(900)), 'board_replaced');
      await addNumberEntry(uow, actor, { id, ...entry(imeiOf(0), 'SN: F2LX99', 'add') });
      expect(await numbersOf(0), 'a draft changes nothing').to.deep.equal([imeiOf(0)]);
      await postIt(id);
      expect(await numbersOf(0)).to.deep.equal([imeiOf(900), 'F2LX99']);
      expect((await findByNumbers(database.read, [imeiOf(0)]))[0]).to.include({ deviceId: deviceId(0), active: false });
      const life = await deviceLife(database.read, deviceId(0));
      expect(lineageOf(life?.events ?? []).get(imeiOf(0))).to.include({
        replacedBy: imeiOf(900),
        documentType: 'inventory.number',
        documentId: id,
      });
      expect(life?.device.state).to.equal('sold');
      await sound();
      const again = await refusal(draft(entry(imeiOf(0), imeiOf(901))));
      expect(again.fields[0]?.details).to.include({ now: imeiOf(900) });
      await reverseNumberChange(uow, actor, await seen(id));
      expect(await numbersOf(0)).to.deep.equal([imeiOf(0)]);
      await sound();
    });

    it('gives two devices that were mixed up the numbers of each other in one posting', async () => {
      const add = await draft(entry(imeiOf(1), imeiOf(910), 'add'));
      await postIt(add);
      const id = await draft(entry(imeiOf(1), imeiOf(2), 'swap'), 'mixed_up');
      await postIt(id);
      expect([await numbersOf(1), await numbersOf(2)]).to.deep.equal([[imeiOf(2)], [imeiOf(1), imeiOf(910)]]);
      await sound();
      expect(await refusal(reverseNumberChange(uow, actor, await seen(add)))).to.have.property(
        'code',
        'ledger:error.has_dependents',
      );
      await reverseNumberChange(uow, actor, await seen(id));
      const end = await draft(entry(imeiOf(910), '', 'end'));
      await postIt(end);
      expect([await numbersOf(1), await numbersOf(2)]).to.deep.equal([[imeiOf(1)], [imeiOf(2)]]);
      await sound();
    });

    it('takes a pasted list whole or not at all, and names every line that is wrong', async () => {
      const id = await draft(entry(imeiOf(0), imeiOf(900)));
      const wrong = await refusal(
        pasteNumberPairs(uow, actor, {
          id,
          text: `${imeiOf(1)}\t${imeiOf(901)}\n${imeiOf(2)}\n${imeiOf(77)} ${imeiOf(902)}\n${imeiOf(50)} ${imeiOf(903)}\n${imeiOf(3)} 867421063000000`,
        }),
      );
      expect(wrong.fields.map(({ path, code }) => [path, code.split('_').at(-1)])).to.deep.equal([
        ['line.2', 'pair'],
        ['line.3', 'unknown'],
        ['line.4', 'elsewhere'],
        ['line.5', 'new'],
      ]);
      expect(await database.read.get(numberChange, id)).to.include({ devices: 1, lineCount: 1 });
      await pasteNumberPairs(uow, actor, { id, text: `${imeiOf(1)} → ${imeiOf(901)}\n${imeiOf(2)}，${imeiOf(902)}` });
      expect(await database.read.get(numberChange, id)).to.include({ devices: 3, lineCount: 3 });
      const twice = pasteNumberPairs(uow, actor, { id, text: `${imeiOf(3)} ${imeiOf(902)}` });
      expect(await refusal(twice)).to.have.property('code', 'inventory:error.number_twice');
      const [first] = await numberLines(database.read, id);
      await removeNumberLine(uow, actor, { id, lineId: first?.id ?? 0 });
      await postIt(id);
      expect([await numbersOf(0), await numbersOf(1)]).to.deep.equal([[imeiOf(0)], [imeiOf(901)]]);
      await sound();
    });

    it('refuses what is not true: taken, unknown, of another store, no number left, a wrong check digit', async () => {
      const codes = async (work: Promise<unknown>) =>
        (await refusal(work)).fields.map(({ path, code }) => `${path} ${code.split(/[:.]/).at(-1)}`);
      expect(await codes(draft(entry(imeiOf(77), imeiOf(900))))).to.deep.equal(['current number_unknown']);
      expect(await codes(draft(entry(imeiOf(0), imeiOf(0))))).to.deep.equal(['other number_same']);
      expect(await codes(draft(entry(imeiOf(0), imeiOf(50), 'swap')))).to.deep.equal(['other number_other_store']);
      expect(await codes(draft(entry(imeiOf(0), imeiOf(0), 'swap')))).to.deep.equal(['other number_same_device']);
      const doubtful = `${imeiOf(900).slice(0, 14)}${(Number(imeiOf(900)[14]) + 1) % 10}`;
      expect(await codes(draft(entry(imeiOf(0), doubtful)))).to.deep.equal(['other check_digit']);
      const clerk = actorWith({ 'inventory.number.change': [shop.storeId] });
      const kept = { ...entry(imeiOf(0), doubtful), override: true };
      expect(await refusal(draft(kept, 'mis_scan', clerk))).to.have.property('status', 403);
      await postIt(await draft(kept));
      expect(await numbersOf(0)).to.deep.equal([doubtful]);
      expect(
        await codes(createNumberChange(uow, actor, { ...entry(imeiOf(1), imeiOf(9)), reason: 'other', note: '' })),
      ).to.deep.equal(['note number_note']);
      const taken = await refusal(postIt(await draft(entry(imeiOf(1), imeiOf(2)))));
      expect(taken).to.include({ code: 'inventory:error.number_changed', status: 409 });
      expect(taken.fields[0]?.code).to.equal('inventory:number.problem.taken');
      const none = await refusal(postIt(await draft(entry(imeiOf(1), '', 'end'))));
      expect(none.fields[0]?.code).to.equal('inventory:number.problem.none_left');
      const cancelled = await draft(entry(imeiOf(1), imeiOf(950)));
      await cancelNumberChange(uow, actor, await seen(cancelled));
      expect(
        await refusal(addNumberEntry(uow, actor, { id: cancelled, ...entry(imeiOf(1), imeiOf(951)) })),
      ).to.have.property('status', 409);
      const elsewhere = actorWith({ 'inventory.number.change': [shop.otherStoreId] });
      expect(await refusal(draft(entry(imeiOf(1), imeiOf(960)), 'mis_scan', elsewhere))).to.have.property(
        'status',
        403,
      );
      await sound();
    });

    it('lets one of two people win who give the same number, or change the same device, at once', async () => {
      const one = await draft(entry(imeiOf(0), imeiOf(900)));
      const two = await draft(entry(imeiOf(1), imeiOf(900)));
      const race = await Promise.allSettled([postIt(one), postIt(two)]);
      expect(race.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const three = await draft(entry(imeiOf(2), imeiOf(901)));
      const four = await draft(entry(imeiOf(2), imeiOf(902)));
      const same = await Promise.allSettled([postIt(three), postIt(four)]);
      expect(same.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await numbersOf(2)).to.have.length(1);
      const step = await seen(await draft(entry(imeiOf(3), imeiOf(903))));
      const key = randomUUID();
      const pressed = await Promise.all([
        postNumberChange(uow, actor, step, { operationKey: key }),
        postNumberChange(uow, actor, step, { operationKey: key }),
      ]);
      expect(pressed[0].number).to.equal(pressed[1].number);
      await sound();
    });
  });
});
