import { expect } from 'chai';
import fc from 'fast-check';
import { planRetention } from '../../../src/platform/backup-targets';

const DAY_MS = 86_400_000;
const nameAt = (at: number, company = 'erp'): string =>
  `phone-erp-${company}-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}-0018.zip.age`;
const plan = (names: readonly string[], keep: { daily: number; weekly: number; monthly: number }, series = nameAt(0)) =>
  planRetention(names, series, keep, 'Asia/Shanghai');
const keptNames = (found: ReturnType<typeof plan>) => found.keep.map(({ name }) => name);

describe('which backups stay', () => {
  const noon = Date.UTC(2026, 10, 22, 4);
  const daily = Array.from({ length: 400 }, (_, days) => nameAt(noon - days * DAY_MS));

  it('the last of so many days, weeks and months', () => {
    const kept = keptNames(plan(daily, { daily: 3, weekly: 2, monthly: 3 }));
    // 2026-11-22 is a Sunday.
    const days = ['20261122', '20261121', '20261120', '20261115', '20261031', '20260930'];
    expect(kept.map((name) => name.slice(14, 22))).to.deep.equal(days);
  });

  it('by the day of the shop, not by that of Greenwich', () => {
    const names = [Date.UTC(2026, 10, 21, 17), Date.UTC(2026, 10, 22, 2), Date.UTC(2026, 10, 22, 17)].map((at) =>
      nameAt(at),
    );
    expect(plan(names, { daily: 5, weekly: 0, monthly: 0 }).remove).to.deep.equal([names[0]]);
  });

  it('says why, and leaves other installations alone', () => {
    const foreign = nameAt(noon + DAY_MS, 'other');
    const found = plan([foreign, daily[0] ?? '', daily[1] ?? ''], { daily: 0, weekly: 0, monthly: 0 });
    expect(found.keep).to.deep.equal([
      { name: foreign, reasons: ['foreign'] },
      { name: daily[0], reasons: ['newest'] },
    ]);
    expect(found.remove).to.deep.equal([daily[1]]);
  });

  it('the newest always, everything once, and what was said is all that goes', () => {
    const keep = fc.record({
      daily: fc.nat({ max: 10 }),
      weekly: fc.nat({ max: 10 }),
      monthly: fc.nat({ max: 10 }),
    });
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 800 * 24 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(times, keep, (hours, wanted) => {
        const names = hours.map((hour) => nameAt(noon - hour * 3_600_000));
        const found = plan(names, wanted);
        const kept = keptNames(found);
        expect([...kept, ...found.remove].sort()).to.deep.equal([...names].sort());
        expect(kept).to.include(nameAt(noon - Math.min(...hours) * 3_600_000));
        expect(kept.length).to.be.at.most(1 + wanted.daily + wanted.weekly + wanted.monthly);
        // Once it is done nothing more goes.
        expect(plan(kept, wanted).remove).to.deep.equal([]);
        // One more backup removes at most as many as there are periods that it begins.
        const next = plan([...kept, nameAt(noon + 3_600_000)], wanted);
        expect(next.remove.length).to.be.at.most(4);
      }),
    );
  });
});
