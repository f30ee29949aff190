import { expect } from 'chai';
import { collectionPosting } from '../../../src/modules/sales/domain/collection-posting';

describe('posting money of a customer', () => {
  it('comes in at one store and lowers what is owed in each store that sold', () => {
    const document = { type: 'sales.collection', id: 1, number: 'SK1', businessDate: '2026-11-22', storeId: 1 };
    const { journal, openItems } = collectionPosting(document, { customerId: 7, account: 'bank' }, [
      { openItemId: 11, storeId: 1, amountFen: 300 },
      { openItemId: 12, storeId: 2, amountFen: 500 },
      { openItemId: 13, storeId: 1, amountFen: 200 },
    ]);
    const party = { partyType: 'customer', partyId: 7 };
    expect(journal).to.deep.equal([
      { account: 'bank', debitFen: 1000, storeId: 1 },
      { account: 'receivable', creditFen: 500, storeId: 1, ...party },
      { account: 'receivable', creditFen: 500, storeId: 2, ...party },
    ]);
    expect(openItems).to.deep.equal([
      { kind: 'settle', openItemId: 11, amountFen: 300 },
      { kind: 'settle', openItemId: 12, amountFen: 500 },
      { kind: 'settle', openItemId: 13, amountFen: 200 },
    ]);
  });
});
