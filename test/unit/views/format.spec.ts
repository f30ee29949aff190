import { expect } from 'chai';
import fc from 'fast-check';
import { formattersFor } from '../../../src/platform/views/format';

const zh = formattersFor('zh-CN');
const en = formattersFor('en');

describe('formatters', () => {
  it('print money with two decimals, grouped, with a real minus', () => {
    expect(zh.money(0)).to.equal('0.00');
    expect(zh.money(5)).to.equal('0.05');
    expect(zh.money(123456789)).to.equal('1,234,567.89');
    expect(zh.money(-15000)).to.equal('−150.00');
    expect(zh.moneyYuan(-15000)).to.equal('−¥150.00');
    expect(zh.moneySigned(624900)).to.equal('+6,249.00');
    expect(zh.moneySigned(0)).to.equal('0.00');
  });

  it('print money that reads back as the same number of fen', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (fen) => {
        const text = zh.money(fen);
        expect(text).to.match(/^−?\d{1,3}(,\d{3})*\.\d{2}$/);
        expect(BigInt(text.replace('−', '-').replace(/[,.]/g, ''))).to.equal(BigInt(fen));
      }),
    );
  });

  it('print rates with one decimal', () => {
    expect(zh.percent(1090)).to.equal('10.9%');
    expect(zh.percent(1300)).to.equal('13.0%');
    expect(zh.percent(-60)).to.equal('−0.6%');
    expect(zh.percentSigned(910)).to.equal('+9.1%');
    expect(zh.percentSigned(-4)).to.equal('0.0%');
  });

  it('print days and moments in the reader’s form and the company’s time zone', () => {
    const moment = Date.UTC(2026, 10, 22, 16, 5);
    expect(zh.date('2026-11-22')).to.equal('2026-11-22');
    expect(en.date('2026-11-22')).to.equal('22 Nov 2026');
    expect(zh.dateTime(moment)).to.equal('2026-11-23 00:05');
    expect(en.dateTime(moment)).to.equal('23 Nov 2026 00:05');
    expect(formattersFor('zh-CN', 'UTC').time(moment)).to.equal('16:05');
    expect(en.dayOfYear('2026-08-07')).to.equal('7 Aug');
    expect(en.dayAt(Date.UTC(2026, 10, 22, 17))).to.equal('23 Nov');
  });

  it('group an IMEI and leave other numbers alone', () => {
    expect(zh.imei('352099001761481')).to.equal('35 209900 176148 1');
    expect(zh.imei('F4KX9Q2LMD')).to.equal('F4KX9Q2LMD');
  });

  it('print nothing for a missing value', () => {
    const all = [zh.money(null), zh.percent(undefined), zh.number(Number.NaN), zh.date(''), zh.dateTime(null), zh.imei(null)];
    expect(all).to.deep.equal(['', '', '', '', '', '']);
  });
});
