import { expect } from 'chai';
import { completeImei } from '../../../src/kernel';
import type { DeviceOnBooks, Identifier, LifeEvent } from '../../../src/ledger';
import { type NumberLine, swapLines } from '../../../src/modules/inventory/domain/number-change';
import { type NumberedDevice, numberProblems } from '../../../src/modules/inventory/domain/number-check';
import { lineageOf } from '../../../src/modules/inventory/domain/number-lineage';
import { numberPosting } from '../../../src/modules/inventory/domain/number-posting';
import { readNumber, readPairs } from '../../../src/modules/inventory/domain/read-number-pairs';

const imei = (index: number): string => completeImei(`86742106${String(300000 + index)}`);
const id = (index: number): Identifier => ({ kind: 'imei', value: imei(index) });
const line = (deviceId: number, before: number | null, after: number | null): NumberLine => ({
  deviceId,
  before: before === null ? null : id(before),
  after: after === null ? null : id(after),
});
const device = (deviceId: number, numbers: number[], more: Partial<NumberedDevice> = {}): [number, NumberedDevice] => [
  deviceId,
  { deviceId, state: 'in_stock', bucket: 'sellable', storeId: 1, numbers: numbers.map(id), ...more },
];
const problems = (lines: NumberLine[], devices: [number, NumberedDevice][], holders: [number, number][] = []) => [
  ...numberProblems(lines, {
    storeId: 1,
    devices: new Map(devices),
    holders: new Map(holders.map(([index, deviceId]) => [imei(index), deviceId])),
  }),
];

describe('corrections of numbers', () => {
  it('finds no fault with two devices that exchange, a number more and a number less', () => {
    const swap = [line(1, 10, 20), line(2, 20, 10)];
    expect(
      problems(
        swap,
        [device(1, [10]), device(2, [20])],
        [
          [20, 2],
          [10, 1],
        ],
      ),
    ).to.deep.equal([]);
    expect(problems([line(1, null, 11)], [device(1, [10])])).to.deep.equal([]);
    expect(problems([line(1, 11, null)], [device(1, [10, 11])])).to.deep.equal([]);
  });

  it('names what stands against a line', () => {
    expect(problems([line(1, 10, 20)], [device(1, [10])], [[20, 2]])).to.deep.equal([[0, 'taken']]);
    expect(problems([line(1, 10, null)], [device(1, [10])])).to.deep.equal([[0, 'none_left']]);
    expect(problems([line(1, 10, 11)], [device(1, [12])])).to.deep.equal([[0, 'gone']]);
    expect(problems([line(1, 10, 11)], [device(1, [10], { storeId: 2 })])).to.deep.equal([[0, 'elsewhere']]);
    expect(problems([line(1, 10, 11)], [device(1, [10], { state: 'scrapped' })])).to.deep.equal([[0, 'state']]);
    expect(problems([line(1, 10, 11)], [])).to.deep.equal([[0, 'state']]);
    // The number leaves its holder in another line, but for a third device it is not free by that.
    const chain = [line(1, 10, 20), line(3, 20, 30)];
    expect(problems(chain, [device(1, [10]), device(3, [20])], [[20, 2]])).to.deep.equal([[0, 'taken']]);
  });

  it('pairs the numbers of two devices by their places; what is left over moves alone', () => {
    const lines = swapLines({ deviceId: 1, numbers: [id(10), id(11)] }, { deviceId: 2, numbers: [id(20)] });
    expect(lines).to.deep.equal([line(1, 10, 20), line(2, 20, 10), line(1, 11, null), line(2, null, 11)]);
  });

  it('posts one move a device that stays where it is, replacements first', () => {
    const row = { id: 1, state: 'sold', storeId: 1, locationId: null, bucket: null, ownership: 'customer' };
    const document = { type: 'inventory.number', id: 5, number: 'GZ1', businessDate: '2026-11-22', storeId: 1 };
    const posting = numberPosting(document, {
      reason: 'board_replaced',
      lines: [line(1, null, 12), line(1, 10, 11)],
      devices: new Map([[1, row as DeviceOnBooks]]),
    });
    expect(posting.stock).to.deep.equal([]);
    expect(posting.journal).to.deep.equal([]);
    const [move] = posting.devices;
    expect(move).to.deep.include({ deviceId: 1, event: 'numbers_changed', detail: { numberReason: 'board_replaced' } });
    expect(move).to.have.deep.property('numbers', { end: [id(10)], add: [id(11), id(12)] });
    expect(move?.kind === 'move' && move.from).to.deep.equal(move?.to);
  });

  it('reads one number, and pairs however they are apart', () => {
    expect(readNumber(`IMEI: ${imei(1)}`).identifier).to.deep.equal(id(1));
    expect(readNumber(`${imei(1)} ${imei(2)}`)).to.deep.include({ identifier: null });
    expect(readNumber('你好').problem?.code).to.equal('errors:imei.nothing_found');
    const pairs = readPairs(`${imei(1)}\t${imei(2)}\n\n${imei(3)} -> ${imei(4)}\n${imei(5)}\n a b c`);
    expect(pairs.map(({ line: at, before, after }) => [at, before, after])).to.deep.equal([
      [1, imei(1), imei(2)],
      [3, imei(3), imei(4)],
      [4, '', ''],
      [5, '', ''],
    ]);
  });

  it('tells what took the place of a number, by the latest document', () => {
    const event = (documentId: number, before: string | null, after: string | null) =>
      ({
        documentType: 'inventory.number',
        documentId,
        documentNumber: `GZ${documentId}`,
        changes: { numbers: [before, after] },
      }) as unknown as LifeEvent;
    const lineage = lineageOf([
      event(1, 'imei:1', 'imei:2'),
      event(2, 'imei:2', 'imei:1'),
      event(3, 'imei:1 sn:X', 'imei:3'),
    ]);
    expect(lineage.get('1')).to.include({ replacedBy: '3', documentNumber: 'GZ3' });
    expect(lineage.get('2')).to.include({ replacedBy: '1', documentNumber: 'GZ2' });
    expect(lineage.get('X')?.replacedBy).to.equal(null);
  });
});
