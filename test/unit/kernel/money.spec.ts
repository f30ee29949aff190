import { expect } from 'chai';
import fc from 'fast-check';
import * as kernel from '../../../src/kernel';
import {
  allocate,
  DomainError,
  fen,
  formatMoney,
  multiply,
  parseMoney,
  plainMoney,
  share,
  sum,
} from '../../../src/kernel';

const MAX = Number.MAX_SAFE_INTEGER;
const anyMoney = fc.integer({ min: -MAX, max: MAX }).map(fen);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError);
    return (error as DomainError).code;
  }
  return 'no error';
}

describe('money', () => {
  const readable: [string, number][] = [
    ['0', 0],
    ['12', 1200],
    ['1,234.50', 123450],
    ['1,234,567.8', 123456780],
    ['１，２３４．５０', 123450],
    ['¥8,999', 899900],
    ['￥8999.00', 899900],
    ['¥ 8 999', 899900],
    ['899元', 89900],
    ['-12.05', -1205],
    ['−12.05', -1205],
    ['¥-12', -1200],
    ['-¥12', -1200],
    ['+3', 300],
    ['.5', 50],
    ['5.', 500],
    ['12.5000', 1250],
    ['\u200b99.9\ufeff', 9990],
    ['90071992547409.91', MAX],
  ];
  for (const [text, expected] of readable) {
    it(`reads ${JSON.stringify(text)} as ${expected} fen`, () => expect(parseMoney(text)).to.equal(expected));
  }

  const refused: [string, string][] = [
    ['', 'errors:money.format'],
    ['.', 'errors:money.format'],
    ['¥', 'errors:money.format'],
    ['abc', 'errors:money.format'],
    ['1e3', 'errors:money.format'],
    ['12,34', 'errors:money.format'],
    ['1,2345', 'errors:money.format'],
    ['1.234,50', 'errors:money.format'],
    ['--1', 'errors:money.format'],
    ['-¥-1', 'errors:money.format'],
    ['0x10', 'errors:money.format'],
    ['Infinity', 'errors:money.format'],
    ['1.005', 'errors:money.too_many_decimals'],
    ['0.001', 'errors:money.too_many_decimals'],
    ['90071992547409.92', 'errors:money.out_of_range'],
    ['9'.repeat(400), 'errors:money.out_of_range'],
  ];
  for (const [text, code] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))} with ${code}`, () =>
      expect(codeOf(() => parseMoney(text))).to.equal(code));
  }

  it('writes grouped yuan with two decimals and a true minus', () => {
    expect(formatMoney(fen(123400))).to.equal('1,234.00');
    expect(formatMoney(fen(-5))).to.equal('\u22120.05');
    expect(formatMoney(fen(0))).to.equal('0.00');
    expect(formatMoney(fen(MAX))).to.equal('90,071,992,547,409.91');
    expect(plainMoney(fen(-123405))).to.equal('-1234.05');
  });

  it('reads back whatever it writes', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        expect(parseMoney(formatMoney(amount))).to.equal(amount);
        expect(parseMoney(plainMoney(amount))).to.equal(amount);
      }),
    );
  });

  it('never gives anything but fen or a DomainError, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const code = codeOf(() => expect(Number.isSafeInteger(parseMoney(text))).to.equal(true));
        expect(code).to.match(/^(no error|errors:money\.)/);
      }),
    );
  });

  it('keeps out what cannot be exact', () => {
    expect(codeOf(() => fen(0.5))).to.equal('errors:money.not_whole_fen');
    expect(codeOf(() => fen(Number.NaN))).to.equal('errors:money.not_whole_fen');
    expect(codeOf(() => fen(MAX + 1))).to.equal('errors:money.out_of_range');
    expect(codeOf(() => multiply(fen(MAX), 2))).to.equal('errors:money.out_of_range');
    expect(codeOf(() => multiply(fen(100), 1.5))).to.equal('errors:quantity.not_whole');
    expect(codeOf(() => kernel.add(fen(MAX), fen(1)))).to.equal('errors:money.out_of_range');
    expect(codeOf(() => kernel.subtract(fen(-MAX), fen(1)))).to.equal('errors:money.out_of_range');
    expect(codeOf(() => sum([fen(MAX), fen(1)]))).to.equal('errors:money.out_of_range');
    expect(Object.is(kernel.negate(fen(0)), 0)).to.equal(true);
    expect(sum([fen(MAX), fen(1), fen(-1)])).to.equal(MAX);
    expect(sum([])).to.equal(0);
  });

  it('takes a share in basis points, half away from zero', () => {
    expect(share(fen(50), 100)).to.equal(1);
    expect(share(fen(-50), 100)).to.equal(-1);
    expect(share(fen(49), 100)).to.equal(0);
    expect(share(fen(MAX), 10_000)).to.equal(MAX);
  });

  describe('allocate', () => {
    const table: [number, number[], number[]][] = [
      [100, [1, 1, 1], [34, 33, 33]],
      [-100, [1, 1, 1], [-34, -33, -33]],
      [100, [0, 1, 0], [0, 100, 0]],
      [5, [0, 0], [3, 2]],
      [0, [3, 4], [0, 0]],
      [0, [], []],
      [1, [1, 2], [0, 1]],
      [MAX, [MAX, MAX], [(MAX + 1) / 2, (MAX - 1) / 2]],
    ];
    for (const [total, weights, expected] of table) {
      it(`splits ${total} by ${weights.join(':')}`, () =>
        expect(allocate(fen(total), weights)).to.deep.equal(expected));
    }

    it('refuses an amount without weights, and weights that are no whole numbers ≥ 0', () => {
      expect(codeOf(() => allocate(fen(1), []))).to.equal('errors:money.no_weights');
      expect(codeOf(() => allocate(fen(1), [-1, 2]))).to.equal('errors:number.out_of_range');
      expect(codeOf(() => allocate(fen(1), [0.5]))).to.equal('errors:number.out_of_range');
    });

    it('adds up, keeps the sign, and stays within one fen of the exact share', () => {
      fc.assert(
        fc.property(
          anyMoney,
          fc.array(fc.integer({ min: 0, max: MAX }), { minLength: 1, maxLength: 30 }),
          (total, weights) => {
            const parts = allocate(total, weights);
            expect(sum(parts)).to.equal(total);
            const all = weights.reduce((a, w) => a + BigInt(w), 0n);
            parts.forEach((part, i) => {
              expect(part * Math.sign(total)).to.be.at.least(0);
              if (all > 0n) {
                const error = BigInt(part) * all - BigInt(total) * BigInt(weights[i] ?? 0);
                expect(error < all && error > -all).to.equal(true);
              }
            });
          },
        ),
      );
    });
  });
});
