import { expect } from 'chai';
import fc from 'fast-check';
import {
  addTax,
  DomainError,
  fen,
  formatQuantity,
  isId,
  mulDiv,
  parseId,
  parseQuantity,
  splitTax,
} from '../../../src/kernel';

const MAX = Number.MAX_SAFE_INTEGER;

describe('mulDiv', () => {
  it('rounds half away from zero', () => {
    expect(mulDiv(5, 1, 2)).to.equal(3);
    expect(mulDiv(-5, 1, 2)).to.equal(-3);
    expect(mulDiv(5, -1, 2)).to.equal(-3);
    expect(mulDiv(5, -1, -2)).to.equal(3);
    expect(mulDiv(1, 1, 3)).to.equal(0);
    expect(Object.is(mulDiv(-1, 1, 3), 0)).to.equal(true);
    expect(mulDiv(MAX, MAX, MAX)).to.equal(MAX);
  });

  it('refuses what has no exact answer', () => {
    for (const [a, b, c] of [
      [1, 1, 0],
      [MAX, 2, 1],
      [0.5, 1, 1],
      [Number.NaN, 1, 1],
      [1, Number.POSITIVE_INFINITY, 1],
    ] as const) {
      expect(() => mulDiv(a, b, c)).to.throw(DomainError, 'errors:number.out_of_range');
    }
  });

  it('mirrors under negation and is within half a unit', () => {
    const n = fc.integer({ min: -90_000_000, max: 90_000_000 });
    fc.assert(
      fc.property(n, n, fc.integer({ min: 1, max: MAX }), (a, b, c) => {
        const result = mulDiv(a, b, c);
        expect(mulDiv(-a, b, c) + result).to.equal(0);
        const twice = 2n * (BigInt(result) * BigInt(c) - BigInt(a) * BigInt(b));
        expect(twice <= BigInt(c) && twice >= -BigInt(c)).to.equal(true);
      }),
    );
  });
});

describe('tax', () => {
  it('takes 13 % out of a gross amount', () => {
    expect(splitTax(fen(899900), 1300)).to.deep.equal({ grossFen: 899900, netFen: 796372, taxFen: 103528 });
    expect(splitTax(fen(-899900), 1300)).to.deep.equal({ grossFen: -899900, netFen: -796372, taxFen: -103528 });
    expect(splitTax(fen(1), 1300)).to.deep.equal({ grossFen: 1, netFen: 1, taxFen: 0 });
    expect(splitTax(fen(500), 0)).to.deep.equal({ grossFen: 500, netFen: 500, taxFen: 0 });
  });

  it('adds 13 % to a net amount', () => {
    expect(addTax(fen(796372), 1300)).to.deep.equal({ grossFen: 899900, netFen: 796372, taxFen: 103528 });
  });

  it('refuses a rate outside 0–100 %', () => {
    for (const rate of [-1, 10_001, 0.5, Number.NaN]) {
      expect(() => splitTax(fen(100), rate)).to.throw(DomainError, 'errors:tax.rate');
    }
  });

  it('always adds up and never has the wrong sign', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MAX, max: MAX }), fc.integer({ min: 0, max: 10_000 }), (gross, rateBp) => {
        const { netFen, taxFen } = splitTax(fen(gross), rateBp);
        expect(BigInt(netFen) + BigInt(taxFen)).to.equal(BigInt(gross));
        expect(taxFen * Math.sign(gross)).to.be.at.least(0);
      }),
    );
  });
});

describe('quantity', () => {
  for (const [text, expected] of [
    ['12', 12],
    ['１２', 12],
    ['1,200', 1200],
    ['3.00', 3],
    ['-4', -4],
    [' 7 ', 7],
  ] as const) {
    it(`reads ${text}`, () => expect(parseQuantity(text)).to.equal(expected));
  }
  for (const [text, code] of [
    ['', 'errors:quantity.format'],
    ['x', 'errors:quantity.format'],
    ['1e3', 'errors:quantity.format'],
    ['1,20', 'errors:quantity.format'],
    ['1.5', 'errors:quantity.not_whole'],
    ['99999999999999999', 'errors:number.out_of_range'],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(() => parseQuantity(text)).to.throw(DomainError, code));
  }
  it('writes groups and a true minus', () => {
    expect(formatQuantity(1234567)).to.equal('1,234,567');
    expect(formatQuantity(-12)).to.equal('\u221212');
  });
});

describe('id', () => {
  it('reads only canonical positive integers', () => {
    expect(parseId('17')).to.equal(17);
    for (const text of [
      '',
      '0',
      '-1',
      '01',
      '1.0',
      '1e3',
      ' 1',
      '9007199254740992',
      '99999999999999999',
      'abc',
      null,
      undefined,
    ]) {
      expect(parseId(text), String(text)).to.equal(null);
    }
    expect(isId(5)).to.equal(true);
    expect(isId('5')).to.equal(false);
  });
});
