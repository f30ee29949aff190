import { expect } from 'chai';
import type { DeviceOnBooks } from '../../../src/ledger';
import { leavingProblem, mayComeIn } from '../../../src/modules/inventory/domain/build';
import { type Build, buildPosting } from '../../../src/modules/inventory/domain/build-posting';

const document = { type: 'inventory.build', id: 7, number: 'ZZ1', businessDate: '2026-11-22', storeId: 1 };

const deviceOf = (id: number, costFen: number): DeviceOnBooks => ({
  id,
  skuId: 10,
  state: 'in_stock',
  storeId: 1,
  locationId: 2,
  bucket: 'sellable',
  ownership: 'own',
  costFen,
  priceFen: null,
  grade: null,
  batteryHealth: null,
  supplierId: null,
  receivedOn: '2026-11-01',
  stockedOn: '2026-11-01',
  makerWarrantyUntil: null,
  shopWarrantyUntil: null,
  sourcePostingId: 1,
  lastSeq: 1,
  version: 1,
});

const build = (more: Partial<Build>): Build => ({
  kind: 'assemble',
  locationId: 2,
  bucket: 'sellable',
  productName: '礼盒',
  out: [],
  into: [],
  ...more,
});

const coming = { batchId: null, devices: [] };

describe('the posting of an assembly', () => {
  it('gives all cost to the product; devices in a new form keep their own and share the rest', () => {
    const [one, two] = [deviceOf(1, 1000), deviceOf(2, 2001)];
    const posting = buildPosting(
      document,
      build({
        out: [
          { lineId: 2, skuId: 10, devices: [one, two], goods: [] },
          { lineId: 3, skuId: 11, devices: [], goods: [{ batchId: 5, pieces: 2, costFen: 333 }] },
        ],
        into: [
          {
            lineId: 1,
            skuId: 20,
            quantity: 2,
            weight: 2,
            batchId: null,
            devices: [one, two].map((known) => ({ ref: `b${known.id}`, identifiers: [], known })),
          },
        ],
      }),
    );
    expect(posting.totalFen).to.equal(3334);
    expect(
      posting.devices.map((move) => move.kind === 'move' && [move.deviceId, move.costChangeFen, move.set?.skuId]),
    ).to.deep.equal([
      [1, 167, 20],
      [2, 166, 20],
    ]);
    expect(posting.stock).to.deep.equal([
      { locationId: 2, skuId: 11, batchId: 5, bucket: 'sellable', storeId: 1, quantity: -2, valueFen: -333 },
    ]);
    const net = posting.journal.reduce((sum, line) => sum + (line.debitFen ?? 0) - (line.creditFen ?? 0), 0);
    expect(net).to.equal(0);
  });

  it('shares the cost of what is taken apart by weight, to the fen, and sends its device out', () => {
    const posting = buildPosting(
      document,
      build({
        kind: 'take_apart',
        bucket: 'defective',
        out: [{ lineId: 1, skuId: 10, devices: [deviceOf(1, 1000)], goods: [] }],
        into: [
          { ...coming, lineId: 2, skuId: 11, quantity: 1, weight: 1 },
          { ...coming, lineId: 3, skuId: 12, quantity: 2, weight: 2 },
          {
            ...coming,
            lineId: 4,
            skuId: 13,
            quantity: 2,
            weight: 4,
            devices: ['A', 'B'].map((value) => ({
              ref: value,
              identifiers: [{ kind: 'sn' as const, value }],
              known: null,
            })),
          },
          { ...coming, lineId: 5, skuId: 14, quantity: 1, weight: 0 },
        ],
      }),
    );
    expect([...posting.lineFen]).to.deep.equal([
      [1, 1000],
      [2, 143],
      [3, 286],
      [4, 571],
      [5, 0],
    ]);
    expect(posting.devices.map((move) => [move.to.state, move.kind === 'new' && move.costFen])).to.deep.equal([
      ['issued', false],
      ['in_stock', 286],
      ['in_stock', 285],
    ]);
    expect(posting.stock.every(({ bucket }) => bucket === 'defective')).to.equal(true);
  });

  it('takes only what is ours and here; a device comes in when it left by this document or was built in', () => {
    const line = { kind: 'assemble' as const, locationId: 2, skuId: 10 };
    const device = deviceOf(1, 1);
    expect(leavingProblem(device, line)).to.equal(null);
    expect(leavingProblem({ ...device, bucket: 'demo' }, line)).to.equal('not_sellable');
    expect(leavingProblem({ ...device, bucket: 'demo' }, { ...line, kind: 'take_apart' })).to.equal(null);
    expect(leavingProblem({ ...device, ownership: 'consigned' }, line)).to.equal('not_ours');
    expect(leavingProblem({ ...device, locationId: 3 }, line)).to.equal('elsewhere');
    expect(leavingProblem({ ...device, state: 'sold' }, line)).to.equal('not_in_stock');
    expect(leavingProblem({ ...device, skuId: 11 }, line)).to.equal('other_product');
    expect(mayComeIn(device, new Set())).to.equal(false);
    expect(mayComeIn(device, new Set([1]))).to.equal(true);
    expect(mayComeIn({ ...device, state: 'issued' }, new Set())).to.equal(true);
  });
});
