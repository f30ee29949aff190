import { expect } from 'chai';
import { deviationBp, priceOn } from '../../../src/modules/purchasing/domain/supplier-price';

const price = (fromOn: string, minQuantity: number, unitPriceFen: number, untilOn: string | null = null) => ({
  fromOn,
  untilOn,
  minQuantity,
  packSize: 1,
  unitPriceFen,
});

describe('the price of a list', () => {
  const list = [
    price('2026-01-01', 1, 600),
    price('2026-06-01', 1, 580),
    price('2026-06-01', 50, 550, '2026-06-30'),
    price('2026-12-01', 1, 500),
  ];
  const on = (day: string, quantity: number) => priceOn(list, day, quantity)?.unitPriceFen ?? null;

  it('is that of the day and of the largest quantity reached', () => {
    expect([on('2025-12-31', 1), on('2026-01-01', 1), on('2026-05-31', 60)]).to.eql([null, 600, 600]);
    expect([on('2026-06-01', 49), on('2026-06-30', 50), on('2026-07-01', 50)]).to.eql([580, 550, 580]);
    expect(on('2026-12-01', 1)).to.equal(500);
    expect(priceOn([], '2026-01-01', 1)).to.equal(null);
  });

  it('is compared in basis points', () => {
    expect([deviationBp(110, 100), deviationBp(95, 100), deviationBp(100, 100)]).to.eql([1000, -500, 0]);
    expect(deviationBp(100, null)).to.equal(null);
  });
});
