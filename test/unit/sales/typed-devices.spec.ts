import { expect } from 'chai';
import { consignProblem, consignPosting } from '../../../src/modules/sales/domain/consignment';
import { typedDevices } from '../../../src/modules/sales/domain/typed-devices';
import { imeiOf } from '../../support/sample-shop';

describe('devices typed with their prices', () => {
  const read = (text: string) => typedDevices(text).map(({ numbers, priceFen }) => [...numbers, priceFen]);

  it('are a number a line, with a price behind it or none', () => {
    const [a, b] = [imeiOf(0), imeiOf(1)];
    expect(read(`${a}\n\n${b} 3999`)).to.deep.equal([
      [a, null],
      [b, 399_900],
    ]);
    expect(read(`${a}\t¥3,999.50`), 'all of the number').to.deep.equal([[a, 399_950]]);
    expect(read(`${a},3,999.50`), 'from a file with commas').to.deep.equal([[a, 399_950]]);
    expect(read(`${a}，3999.5元`)).to.deep.equal([[a, 399_950]]);
  });

  it('keep both numbers of a phone, and what is no number at all', () => {
    const [a, b] = [imeiOf(0), imeiOf(1)];
    expect(read(`${a} ${b} 4100`)).to.deep.equal([[a, b, 410_000]]);
    const [line] = typedDevices('\n？？');
    expect(line).to.include({ line: 2, text: '??', priceFen: null });
    expect(line?.numbers).to.deep.equal([]);
  });
});

describe('consigning a device', () => {
  const device = {
    id: 5,
    skuId: 1,
    state: 'in_stock',
    storeId: 1,
    locationId: 2,
    bucket: 'sellable',
    ownership: 'own',
    costFen: 390_000,
    priceFen: null,
  } as const;

  it('takes own devices for sale or show from their own location', () => {
    expect(consignProblem(device, 2)).to.equal(null);
    expect(consignProblem({ ...device, bucket: 'demo' }, 2)).to.equal(null);
    expect(consignProblem(device, 3)).to.equal('elsewhere');
    expect(consignProblem({ ...device, state: 'sold' }, 2)).to.equal('not_in_stock');
    expect(consignProblem({ ...device, ownership: 'consigned' }, 2)).to.equal('not_ours');
    expect(consignProblem({ ...device, bucket: 'quarantine' }, 2)).to.equal('not_for_sale');
  });

  it('moves it and books nothing: it stays stock at its cost', () => {
    const document = { type: 'sales.consignment', id: 1, number: 'WT1', businessDate: '2026-11-22', storeId: 1 };
    const { devices, journal, stock, openItems } = consignPosting(document, 7, [device]);
    expect([journal, stock, openItems]).to.deep.equal([[], [], []]);
    expect(devices[0]).to.deep.include({ event: 'consigned_out', detail: { customerId: 7 } });
    expect(devices[0]?.to).to.include({ state: 'at_partner', bucket: 'demo', ownership: 'own', locationId: 2 });
  });
});
