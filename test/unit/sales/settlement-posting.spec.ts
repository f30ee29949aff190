import { expect } from 'chai';
import { settlementPosting } from '../../../src/modules/sales/domain/settlement-posting';

describe('posting a settlement with a partner', () => {
  const place = { state: 'at_partner', storeId: 1, locationId: 2, bucket: 'demo', ownership: 'own' } as const;
  const input = {
    document: { type: 'sales.sale', id: 9, number: 'DX1', businessDate: '2026-11-22', storeId: 1 },
    customerId: 7,
    lines: [
      { skuId: 3, netFen: 380_442, taxFen: 49_458, device: { id: 5, place, costFen: 390_000, warrantyMonths: 12 } },
    ],
    grossFen: 429_900,
    commissionFen: 0,
    commissionTaxFen: 0,
    dueOn: '2026-12-31',
  };
  const sums = (journal: ReturnType<typeof settlementPosting>['journal']) =>
    journal.reduce((total, { debitFen = 0, creditFen = 0 }) => total + debitFen - creditFen, 0);

  it('sells the device where it stood and opens what is owed on its day', () => {
    const { devices, journal, openItems } = settlementPosting(input);
    expect(devices[0]).to.deep.include({ event: 'sold', from: place, set: { makerWarrantyUntil: '2027-11-22' } });
    expect(sums(journal)).to.equal(0);
    expect(openItems).to.deep.equal([
      {
        kind: 'open',
        partyType: 'customer',
        partyId: 7,
        direction: 'receivable',
        amountFen: 429_900,
        dueOn: '2026-12-31',
      },
    ]);
  });

  it('takes the commission off what is owed, and leaves nothing open where the partner keeps all', () => {
    const { journal, openItems } = settlementPosting({ ...input, commissionFen: 10_600, commissionTaxFen: 600 });
    expect(sums(journal)).to.equal(0);
    expect(openItems[0]).to.include({ amountFen: 419_300 });
    expect(journal).to.deep.include({ account: 'selling_expense', debitFen: 10_000, storeId: 1 });
    expect(settlementPosting({ ...input, commissionFen: 429_900 }).openItems).to.deep.equal([]);
  });
});
