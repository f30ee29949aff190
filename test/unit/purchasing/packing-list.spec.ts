import { expect } from 'chai';
import {
  boxesOf,
  linesToBe,
  missingProducts,
  placeRows,
  scansOf,
} from '../../../src/modules/purchasing/domain/packing-check';
import { packingCode, readPackedRow } from '../../../src/modules/purchasing/domain/packing-rows';
import { imeiOf } from '../../support/purchasing';

const row = (line: number, values: Record<string, string>) => readPackedRow({ line, values });
const phone = { id: 7, name: '小米 17', productId: 3, tracking: 'serial', active: true };

describe('packing lists', () => {
  it('reads numbers by their columns, the box and what the row calls its product', () => {
    const read = row(2, { box: ' a01 ', product: ' 小米17  黑 ', imei1: imeiOf(1), imei2: imeiOf(2), sn: 'f2lx99' });
    expect(read).to.include({ boxNo: 'A01', productText: '小米17 黑' });
    expect(read.identifiers.map(({ kind, value, slot }) => [kind, value, slot])).to.deep.equal([
      ['imei', imeiOf(1), 1],
      ['imei', imeiOf(2), 2],
      ['sn', 'F2LX99', undefined],
    ]);
    expect(read.problems).to.deep.equal([]);
  });

  it('names a number that is none in its own column, even where others are right', () => {
    const read = row(3, { imei1: imeiOf(1), imei2: '无' });
    expect(read.identifiers).to.have.length(1);
    expect(read.problems.map(({ level }) => level)).to.deep.equal(['refuse']);
  });

  it('places rows by word or by type allocation code, and tells which words nobody knows', () => {
    const rows = [
      row(2, { product: 'mi17', imei1: imeiOf(1), box: 'A' }),
      row(3, { product: '真我', imei1: imeiOf(2) }),
      row(4, { product: '真我', imei1: imeiOf(3) }),
      row(5, { imei1: imeiOf(4), box: 'A' }),
      row(6, { sn: 'F2LX99' }),
      row(7, { product: 'OLD', imei1: imeiOf(5) }),
      row(8, { product: 'CD67', imei1: imeiOf(6) }),
    ];
    const products = {
      byCode: new Map([
        [packingCode('MI17'), phone],
        [packingCode('OLD'), { ...phone, id: 8, active: false }],
        [packingCode('CD67'), { ...phone, id: 9, tracking: 'plain' }],
      ]),
      byTac: new Map([[imeiOf(1).slice(0, 8), phone]]),
    };
    const placed = placeRows(rows, products);
    expect(placed.placed.map(({ row: { line } }) => line)).to.deep.equal([2, 5]);
    expect([...placed.unknown]).to.deep.equal([['真我', 2]]);
    expect(placed.refused.map(({ key, reason }) => [key, reason?.code.split('.').at(-1)])).to.deep.equal([
      ['3', 'unknown_product'],
      ['4', 'unknown_product'],
      ['6', 'no_product'],
      ['7', 'inactive'],
      ['8', 'not_serial'],
    ]);
    expect(boxesOf(placed.placed)).to.deep.equal([{ boxNo: 'A', name: '小米 17', devices: 2 }]);
    const missing = missingProducts(placed.placed, []);
    expect(missing).to.deep.equal([phone]);
    expect(missingProducts(placed.placed, [7])).to.deep.equal([]);
    const lines = linesToBe(missing, 4);
    expect(lines).to.deep.include({ ...lines[0], id: -7, lineNo: 5, countsScans: true });
    expect(scansOf(placed.placed, lines).map(({ key, lineId, boxNo }) => [key, lineId, boxNo])).to.deep.equal([
      ['2', -7, 'A'],
      ['5', -7, 'A'],
    ]);
  });
});
