import { expect } from 'chai';
import { scopeOf } from '../../../src/platform/auth/load-actor';

const cashier = new Set(['sales.sale.post']);
const manager = new Set(['sales.sale.post', 'inventory.cost.view']);

describe('scope of an actor', () => {
  it('joins the stores of all roles that have the permission', () => {
    const scope = scopeOf([
      { permissions: cashier, storeId: 3 },
      { permissions: manager, storeId: 1 },
      { permissions: cashier, storeId: 1 },
    ]);
    expect(scope('sales.sale.post')).to.deep.equal([1, 3]);
    expect(scope('inventory.cost.view')).to.deep.equal([1]);
    expect(scope('finance.voucher.issue')).to.deep.equal([]);
  });

  it('is everywhere when one role with the permission is, and only for its permissions', () => {
    const scope = scopeOf([
      { permissions: cashier, storeId: null },
      { permissions: manager, storeId: 2 },
    ]);
    expect(scope('sales.sale.post')).to.equal('all');
    expect(scope('inventory.cost.view')).to.deep.equal([2]);
  });
});
