import { expect } from 'chai';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  businessDate,
  clockAt,
  daysBetween,
  DomainError,
  firstOfMonth,
  fromInstant,
  isBusinessDate,
  lastOfMonth,
  monthOf,
  parseBusinessDate,
  startOfDay,
  weekdayOf,
} from '../../../src/kernel';

const day = businessDate;
const anyDay = fc
  .date({ min: new Date('1901-01-01'), max: new Date('9990-12-31'), noInvalidDate: true })
  .map((d) => day(d.toISOString().slice(0, 10)));

describe('business date', () => {
  it('knows which days exist', () => {
    for (const text of ['2026-11-22', '2024-02-29', '2000-02-29', '1900-01-01', '9999-12-31']) {
      expect(isBusinessDate(text), text).to.equal(true);
    }
    for (const text of [
      '2023-02-29',
      '1900-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-1-1',
      '1899-12-31',
      '',
      'x',
      '2026-11-22T00:00',
      20261122,
      null,
    ]) {
      expect(isBusinessDate(text), String(text)).to.equal(false);
    }
    expect(() => day('2023-02-29')).to.throw(DomainError, 'errors:date.format');
  });

  for (const text of [
    '2026-1-2',
    '2026/01/02',
    '2026.1.2',
    '2026年1月2日',
    '20260102',
    '２０２６－０１－０２',
    ' 2026-01-02 ',
  ]) {
    it(`reads ${text}`, () => expect(parseBusinessDate(text)).to.equal('2026-01-02'));
  }
  for (const text of ['', '2026-02-30', '01/02/2026', '2026', '45000', '明天', '2026-1', '0000-00-00']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseBusinessDate(text)).to.throw(DomainError, 'errors:date.format');
    });
  }

  it('adds days and months', () => {
    expect(addDays(day('2024-02-28'), 1)).to.equal('2024-02-29');
    expect(addDays(day('2026-01-01'), -1)).to.equal('2025-12-31');
    expect(addMonths(day('2026-01-31'), 1)).to.equal('2026-02-28');
    expect(addMonths(day('2024-02-29'), 12)).to.equal('2025-02-28');
    expect(addMonths(day('2026-01-15'), -1)).to.equal('2025-12-15');
    expect(addMonths(day('2026-11-22'), 24)).to.equal('2028-11-22');
    expect(() => addDays(day('9999-12-31'), 1)).to.throw(DomainError, 'errors:date.out_of_range');
    expect(() => addMonths(day('1900-01-01'), -1)).to.throw(DomainError, 'errors:date.out_of_range');
    expect(() => addDays(day('2026-01-01'), 1e12)).to.throw(DomainError, 'errors:date.out_of_range');
  });

  it('knows month and weekday', () => {
    expect(monthOf(day('2026-11-22'))).to.equal('2026-11');
    expect(firstOfMonth(day('2026-11-22'))).to.equal('2026-11-01');
    expect(lastOfMonth(day('2024-02-10'))).to.equal('2024-02-29');
    expect(lastOfMonth(day('9998-12-10'))).to.equal('9998-12-31');
    expect(weekdayOf(day('2026-11-22'))).to.equal(7);
    expect(weekdayOf(day('2026-11-23'))).to.equal(1);
    expect(weekdayOf(day('1969-12-31'))).to.equal(3);
  });

  it('counts days there and back', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -3000, max: 3000 }), (from, days) => {
        fc.pre(from > '1910' && from < '9980');
        const to = addDays(from, days);
        expect(isBusinessDate(to)).to.equal(true);
        expect(daysBetween(from, to)).to.equal(days);
        expect(to > from).to.equal(days > 0);
        expect(weekdayOf(addDays(from, 7))).to.equal(weekdayOf(from));
      }),
    );
  });

  it('never leaves the month asked for when adding months', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 100 }), (from, months) => {
        fc.pre(from < '9980');
        const to = addMonths(from, months);
        const index = (d: string): number => Number(d.slice(0, 4)) * 12 + Number(d.slice(5, 7));
        expect(index(to) - index(from)).to.equal(months);
        expect(Number(to.slice(8))).to.be.at.most(Number(from.slice(8)));
      }),
    );
  });

  it('turns an instant into the day of a place', () => {
    expect(fromInstant(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).to.equal('2026-11-22');
    expect(fromInstant(Date.parse('2026-11-21T15:59:59.999Z'), 'Asia/Shanghai')).to.equal('2026-11-21');
    expect(fromInstant(Date.parse('2026-11-21T16:00:00Z'), 'America/New_York')).to.equal('2026-11-21');
    expect(clockAt(Date.parse('2026-11-21T16:05:09Z'), 'Asia/Shanghai')).to.deep.equal({
      year: 2026,
      month: 11,
      day: 22,
      hour: 0,
      minute: 5,
      second: 9,
    });
  });

  it('finds the beginning of a day, across changes of the clock too', () => {
    expect(startOfDay(day('2026-11-22'), 'Asia/Shanghai')).to.equal(Date.parse('2026-11-21T16:00:00Z'));
    expect(startOfDay(day('2026-03-08'), 'America/New_York')).to.equal(Date.parse('2026-03-08T05:00:00Z'));
    expect(startOfDay(day('2026-03-09'), 'America/New_York')).to.equal(Date.parse('2026-03-09T04:00:00Z'));
    fc.assert(
      fc.property(anyDay, fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'Asia/Kolkata', 'UTC'), (date, zone) => {
        fc.pre(date > '1950' && date < '2100');
        const start = startOfDay(date, zone);
        expect(fromInstant(start, zone)).to.equal(date);
        expect(fromInstant(start - 1, zone)).to.equal(addDays(date, -1));
      }),
      { numRuns: 60 },
    );
  });
});
