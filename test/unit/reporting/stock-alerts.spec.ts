import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import {
  type AlertLimits,
  documentAlert,
  idleAlert,
  inOrder,
  needAlerts,
  type StoreNeed,
} from '../../../src/modules/reporting/domain/stock-alerts';

const TODAY = businessDate('2026-11-23');
const LIMITS: AlertLimits = {
  below: true,
  above: { days: 100 },
  ageing: null,
  idle: null,
  transit: null,
  batch: null,
  exchange: null,
  order: null,
  loan: null,
  claim: null,
  rebate: null,
};
const need = (storeId: number, changes: Partial<StoreNeed>): StoreNeed => ({
  storeId,
  sellable: 0,
  promised: 0,
  position: 0,
  minimum: 0,
  maximum: null,
  point: 0,
  target: 0,
  missing: 0,
  rateMilli: 0,
  coverTenths: 0,
  ...changes,
});

describe('stock alerts', () => {
  it('tell who is short, and who has too much with the store that is shortest', () => {
    const needs = [
      need(1, { position: 1, minimum: 2, point: 4, missing: 6, rateMilli: 500, coverTenths: 20 }),
      need(2, { missing: 9 }),
      need(3, { sellable: 20, promised: 2, maximum: 10 }),
    ];
    const found = needAlerts(7, needs, LIMITS);
    expect(found.map(({ kind, storeId, wanted, otherStoreId }) => [kind, storeId, wanted, otherStoreId])).to.eql([
      ['below', 2, 9, null],
      ['below', 1, 6, null],
      ['above', 3, 8, 2],
    ]);
    expect(found[1]).to.include({ quantity: 1, limitQuantity: 4, days: 2 });
    expect(found[2]).to.include({ quantity: 18, limitQuantity: 10, days: null });
    expect(needAlerts(7, needs, { ...LIMITS, below: false }).map(({ kind }) => kind)).to.eql(['above']);
    expect(needAlerts(7, needs, { ...LIMITS, above: null })).to.have.length(2);
  });

  it('without a maximum too much is what lasts longer than the limit; what sells nothing is not told here', () => {
    const slow = need(1, { sellable: 101, rateMilli: 1000 });
    expect(needAlerts(7, [slow], LIMITS)[0]).to.include({
      limitQuantity: 100,
      days: 101,
      wanted: 0,
      otherStoreId: null,
    });
    expect(needAlerts(7, [{ ...slow, sellable: 100 }], LIMITS)).to.eql([]);
    expect(needAlerts(7, [{ ...slow, rateMilli: 0 }], LIMITS)).to.eql([]);
    expect(needAlerts(7, [{ ...slow, minimum: 150 }], LIMITS), 'the minimum may be kept').to.eql([]);
  });

  it('move half of what stands, and stand in order of urgency', () => {
    const idle = { storeId: 1, skuId: 2, quantity: 5, idleDays: 99, toStoreId: 3 };
    expect(idleAlert(idle)).to.include({ wanted: 3, otherStoreId: 3, days: 99 });
    expect(idleAlert({ ...idle, toStoreId: null }).wanted).to.equal(0);
    const about = { documentId: 1, documentNumber: 'B1', storeId: 1, otherStoreId: null, skuId: 2, quantity: 1 };
    const batch = (on: string) => documentAlert('batch', { ...about, on: businessDate(on) }, TODAY);
    expect([batch('2026-12-03').days, batch('2026-11-20').days]).to.eql([10, -3]);
    const late = documentAlert('transit', { ...about, on: businessDate('2026-11-20') }, TODAY);
    expect(late.days).to.equal(3);
    const ordered = inOrder([
      idleAlert(idle),
      batch('2026-12-03'),
      batch('2026-11-20'),
      late,
      idleAlert({ ...idle, idleDays: 200 }),
    ]);
    expect(ordered.map(({ kind, days }) => [kind, days])).to.eql([
      ['transit', 3],
      ['batch', -3],
      ['batch', 10],
      ['idle', 200],
      ['idle', 99],
    ]);
  });
});
