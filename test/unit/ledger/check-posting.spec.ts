import { expect } from 'chai';
import fc from 'fast-check';
import { type BookedLine, type BookedPosting, checkAgreement, checkPosting } from '../../../src/ledger/check-posting';
import { placeProblem } from '../../../src/ledger/check-place';
import { type BookedMoves, mirror } from '../../../src/ledger/mirror';
import { BUCKETS, DEVICE_STATES, type DevicePlace, OWNERSHIPS } from '../../../src/ledger/posting';

const document = { type: 'sales.sale', id: 1, number: 'XS1', businessDate: '2026-11-22', storeId: 1 };
const shelf: DevicePlace = { state: 'in_stock', storeId: 1, locationId: 11, bucket: 'sellable', ownership: 'own' };
const sold: DevicePlace = { state: 'sold', storeId: 1, locationId: null, bucket: null, ownership: 'customer' };
const line = (change: Partial<BookedLine>): BookedLine => ({
  accountId: 1,
  book: null,
  debitFen: 0,
  creditFen: 0,
  storeId: 1,
  partyType: null,
  partyId: null,
  skuId: null,
  ...change,
});
const good: BookedPosting = {
  document,
  devices: [{ kind: 'move', deviceId: 5, from: shelf, to: sold, event: 'sold' }],
  stock: [{ storeId: 1, locationId: 11, skuId: 6, batchId: null, bucket: 'sellable', quantity: -1, valueFen: -10 }],
  lines: [line({ debitFen: 10 }), line({ creditFen: 10 })],
  openItems: [],
};

describe('checking a posting', () => {
  const newDevice = {
    kind: 'new' as const,
    ref: 'a',
    skuId: 5,
    identifiers: [{ kind: 'sn' as const, value: 'X1Y2' }],
    to: shelf,
    costFen: 1,
    event: 'received',
  };
  const cases: [what: string, change: Partial<BookedPosting>, problem: RegExp][] = [
    ['nothing at all', { devices: [], stock: [], lines: [] }, /changes nothing/],
    ['a date that is none', { document: { ...document, businessDate: '2026-02-30' } }, /business date/],
    ['a type without a module', { document: { ...document, type: 'sale' } }, /type sale/],
    [
      'debits that differ from credits',
      { lines: [line({ debitFen: 10 }), line({ creditFen: 9 })] },
      /debits 10 and credits 9/,
    ],
    ['a line on both sides', { lines: [line({ debitFen: 10, creditFen: 10 })] }, /both sides/],
    ['half a fen', { lines: [line({ debitFen: 0.5 }), line({ creditFen: 0.5 })] }, /0\.5/],
    [
      'a control account without a party',
      { lines: [line({ debitFen: 1, book: 'receivable' }), line({ creditFen: 1 })] },
      /names no party/,
    ],
    ['the same device twice', { devices: [...good.devices, ...good.devices] }, /device 5 twice/],
    [
      'a void device',
      { devices: [{ kind: 'move', deviceId: 5, from: { ...sold, state: 'void' }, to: shelf, event: 'x' }] },
      /is void/,
    ],
    [
      'a device in stock without a location',
      { devices: [{ ...newDevice, to: { ...shelf, locationId: null } }] },
      /without store or location/,
    ],
    ['a new device without a number', { devices: [{ ...newDevice, identifiers: [] }] }, /has no number/],
    ['a negative cost', { devices: [{ ...newDevice, costFen: -1 }] }, /cost -1/],
    [
      'goods that go out and gain value',
      { stock: [{ ...good.stock[0]!, quantity: -1, valueFen: 5 }] },
      /-1 pieces but 5 fen/,
    ],
    ['a part of a piece', { stock: [{ ...good.stock[0]!, quantity: 0.5 }] }, /0\.5 pieces/],
    [
      'an open item of nothing',
      {
        openItems: [
          { kind: 'open', partyType: 'supplier', partyId: 1, direction: 'payable', amountFen: 0, dueOn: null },
        ],
      },
      /open item of 0/,
    ],
    ['a settlement of nothing', { openItems: [{ kind: 'settle', openItemId: 1, amountFen: 0 }] }, /settlement of 0/],
  ];
  it('accepts a sound one', () => expect(checkPosting(good)).to.deep.equal([]));
  for (const [what, change, problem] of cases)
    it(`refuses ${what}`, () => expect(checkPosting({ ...good, ...change }).join('; ')).to.match(problem));
});

describe('agreement of the books within a posting', () => {
  const payable = { book: 'payable' as const, partyType: 'supplier', partyId: 7 };
  it('holds when stock and inventory, open items and control accounts change alike', () => {
    const lines = [line({ book: 'inventory', debitFen: 10 }), line({ ...payable, creditFen: 10 })];
    const items = [{ direction: 'payable' as const, partyType: 'supplier', partyId: 7, amountFen: 10 }];
    expect(checkAgreement(lines, [{ storeId: 1, valueFen: 10 }], items)).to.deep.equal([]);
  });
  it('is by store and by party', () => {
    const lines = [line({ book: 'inventory', debitFen: 10, storeId: 2 }), line({ ...payable, creditFen: 10 })];
    const items = [{ direction: 'payable' as const, partyType: 'supplier', partyId: 8, amountFen: 10 }];
    expect(checkAgreement(lines, [{ storeId: 1, valueFen: 10 }], items)).to.have.lengthOf(4);
  });
});

describe('places of a device', () => {
  const place = fc.record<DevicePlace>({
    state: fc.constantFrom(...DEVICE_STATES),
    storeId: fc.constantFrom(null, 1),
    locationId: fc.constantFrom(null, 11),
    bucket: fc.constantFrom(null, ...BUCKETS),
    ownership: fc.constantFrom(...OWNERSHIPS),
  });
  it('only what is on the shelf can be sellable, and what counts as stock is somewhere and not a customer’s', () => {
    fc.assert(
      fc.property(place, (one) => {
        if (placeProblem(one)) return;
        if (one.bucket === 'sellable') expect(one.state).to.equal('in_stock');
        if (one.bucket === null) return;
        expect(one.storeId).to.equal(1);
        expect(one.locationId).to.equal(11);
        expect(one.ownership).to.not.equal('customer');
      }),
      { numRuns: 500 },
    );
  });
  it('each state has a place', () => {
    for (const state of DEVICE_STATES) {
      const places = OWNERSHIPS.flatMap((ownership) =>
        [null, ...BUCKETS].map((bucket): DevicePlace => ({ state, storeId: 1, locationId: 11, bucket, ownership })),
      );
      expect(
        places.filter((one) => !placeProblem(one)),
        state,
      ).to.not.be.empty;
    }
  });
});

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
const nonZero = amount.filter((value) => value !== 0);

/** Postings whose lines balance: each amount stands on both sides. */
const booked: fc.Arbitrary<BookedMoves> = fc.record({
  document: fc.constant(document),
  devices: fc.uniqueArray(
    fc.record({
      kind: fc.constant('move' as const),
      deviceId: fc.integer({ min: 1, max: 1000 }),
      from: fc.constantFrom(shelf, sold),
      to: fc.constantFrom(shelf, sold),
      costChangeFen: amount,
      event: fc.constant('sold'),
    }),
    { selector: (move) => move.deviceId, maxLength: 5 },
  ),
  stock: fc.array(
    fc.record({
      storeId: fc.constant(1),
      locationId: fc.constant(11),
      skuId: fc.constant(6),
      batchId: fc.constant(null),
      bucket: fc.constantFrom(...BUCKETS),
      quantity: fc.integer({ min: 0, max: 99 }),
      valueFen: fc.nat(),
    }),
    { maxLength: 5 },
  ),
  lines: fc
    .array(nonZero, { maxLength: 6 })
    .map((amounts) => amounts.flatMap((fen) => [line({ debitFen: fen }), line({ creditFen: fen })])),
  openItems: fc.array(
    fc.record({ kind: fc.constant('settle' as const), openItemId: fc.integer({ min: 1, max: 9 }), amountFen: nonZero }),
    { maxLength: 3 },
  ),
});

describe('the mirror of a posting', () => {
  it('is sound when the posting is, and its own mirror is the posting', () => {
    fc.assert(
      fc.property(booked, (one) => {
        const back = mirror(one, document);
        expect(checkPosting(back)).to.deep.equal(checkPosting(one));
        expect(mirror(back, document)).to.deep.equal(one);
      }),
    );
  });
  it('cancels every amount', () => {
    fc.assert(
      fc.property(booked, (one) => {
        const back = mirror(one, document);
        const total = (values: number[]): number => values.reduce((a, b) => a + b, 0);
        for (const side of ['debitFen', 'creditFen'] as const)
          expect(total([...one.lines, ...back.lines].map((entry) => entry[side]))).to.equal(0);
        expect(total([...one.stock, ...back.stock].map((entry) => entry.valueFen))).to.equal(0);
        expect(total([...one.devices, ...back.devices].map((entry) => entry.costChangeFen ?? 0))).to.equal(0);
        for (const [index, move] of back.devices.entries())
          expect([move.from, move.to]).to.deep.equal([one.devices[index]?.to, one.devices[index]?.from]);
      }),
    );
  });
});
