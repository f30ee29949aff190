import { expect } from 'chai';
import fc from 'fast-check';
import { businessDate, completeImei, fen, splitTax } from '../../../src/kernel';
import {
  deviceRef,
  type PostedDevice,
  type PostedLine,
  type PostedReceipt,
  receiptPosting,
} from '../../../src/modules/purchasing/domain/receipt-posting';

const receipt: PostedReceipt = {
  id: 7,
  number: 'RK261122-NJ01-0007',
  businessDate: businessDate('2026-11-22'),
  storeId: 1,
  locationId: 11,
  supplierId: 5,
  supplierName: '深圳华盛通讯',
  withInvoice: false,
  terms: { paymentDays: 30 },
};

function line(id: number, quantity: number, unitPriceFen: number, taxRateBp = 1300, serial = true): PostedLine {
  const { grossFen, taxFen } = splitTax(fen(unitPriceFen * quantity), taxRateBp);
  return { id, lineNo: id, skuId: 100 + id, serial, batchId: null, quantity, amountFen: grossFen, taxFen };
}

let made = 0;
function devices(lineId: number, count: number): PostedDevice[] {
  return Array.from({ length: count }, () => {
    made += 1;
    const imei1 = completeImei(`86742106${String(made).padStart(6, '0')}`);
    return { id: made, lineId, mainNumber: imei1, imei1, imei2: null, meid: null, sn: null };
  });
}

const total = (amounts: (number | undefined)[]): number => amounts.reduce<number>((sum, one) => sum + (one ?? 0), 0);

describe('the posting of a receipt', () => {
  it('brings devices in at their net price, to the fen', () => {
    // 3 × 100.00 with 13 % tax: net 265.49, which does not divide by three.
    const scanned = devices(1, 3);
    const posting = receiptPosting(receipt, [line(1, 3, 10_000)], scanned);
    expect(posting.devices.map((move) => move.kind === 'new' && move.costFen)).to.eql([8850, 8850, 8849]);
    expect(posting.stock).to.eql([]);
    expect(posting.journal).to.eql([
      { account: 'inventory', debitFen: 26_549, storeId: 1, skuId: 101 },
      { account: 'goods_received', creditFen: 26_549, storeId: 1, partyType: 'supplier', partyId: 5 },
    ]);
    expect(posting.openItems).to.eql([
      { kind: 'open', partyType: 'supplier', partyId: 5, direction: 'accrued', amountFen: 26_549, dueOn: null },
    ]);
    expect(posting.devices[0]).to.deep.include({
      ref: deviceRef(scanned[0]?.id ?? 0),
      skuId: 101,
      supplierId: 5,
      receivedOn: '2026-11-22',
      to: { state: 'in_stock', storeId: 1, locationId: 11, bucket: 'sellable', ownership: 'own' },
    });
  });

  it('owes the gross amount when the invoice came with the goods, due after the payment days', () => {
    const lines = [line(1, 1, 10_000), line(2, 7, 333, 1300, false), line(3, 2, 999, 300, false)];
    const posting = receiptPosting({ ...receipt, withInvoice: true }, lines, devices(1, 1));
    const gross = 10_000 + 7 * 333 + 2 * 999;
    expect(posting.openItems).to.eql([
      {
        kind: 'open',
        partyType: 'supplier',
        partyId: 5,
        direction: 'payable',
        amountFen: gross,
        dueOn: '2026-12-22',
      },
    ]);
    expect(posting.journal.find(({ account }) => account === 'payable')).to.deep.include({ creditFen: gross });
    expect(posting.journal.find(({ account }) => account === 'input_tax')?.debitFen).to.equal(
      total(lines.map(({ taxFen }) => taxFen)),
    );
  });

  it('keeps every number of a device, the one shown first in front', () => {
    const imei1 = completeImei('35209900176148');
    const imei2 = completeImei('35209900276148');
    const device = { id: 1, lineId: 1, mainNumber: imei1, imei1, imei2, meid: 'A10000123456AB', sn: 'SN-1' };
    const [move] = receiptPosting(receipt, [line(1, 1, 100)], [device]).devices;
    expect(move?.kind === 'new' && move.identifiers).to.eql([
      { kind: 'imei', value: imei1 },
      { kind: 'imei', value: imei2 },
      { kind: 'meid', value: 'A10000123456AB' },
      { kind: 'sn', value: 'SN-1' },
    ]);
  });

  it('opens nothing for goods that cost nothing', () => {
    const posting = receiptPosting({ ...receipt, withInvoice: true }, [line(1, 2, 0, 1300, false)], []);
    expect(posting.openItems).to.eql([]);
    expect(posting.stock).to.have.length(1);
  });

  it('always balances: journal, stock value and payable say the same', () => {
    const anyLine = fc.record({
      quantity: fc.integer({ min: 1, max: 40 }),
      unitPriceFen: fc.integer({ min: 0, max: 2_000_000 }),
      taxRateBp: fc.constantFrom(0, 100, 300, 600, 900, 1300),
      serial: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 12 }), fc.boolean(), (specs, withInvoice) => {
        const lines = specs.map((spec, index) =>
          line(index + 1, spec.quantity, spec.unitPriceFen, spec.taxRateBp, spec.serial),
        );
        const scanned = lines.flatMap((one) => (one.serial ? devices(one.id, one.quantity) : []));
        const posting = receiptPosting({ ...receipt, withInvoice }, lines, scanned);
        const debit = total(posting.journal.map(({ debitFen }) => debitFen));
        expect(debit).to.equal(total(posting.journal.map(({ creditFen }) => creditFen)));
        const net = total(lines.map(({ amountFen, taxFen }) => amountFen - taxFen));
        const costs = posting.devices.map((move) => (move.kind === 'new' ? move.costFen : 0));
        expect(total(costs) + total(posting.stock.map(({ valueFen }) => valueFen))).to.equal(net);
        expect(Math.min(0, ...costs)).to.equal(0);
        expect(posting.devices).to.have.length(scanned.length);
        if (withInvoice) expect(debit).to.equal(total(lines.map(({ amountFen }) => amountFen)));
        else expect(debit).to.equal(net);
      }),
      { numRuns: 200 },
    );
  });
});
