import { expect } from 'chai';
import { cycleOf, readComponents } from '../../../src/modules/catalog/domain/bom';

describe('bills of materials', () => {
  it('are read a component a line, one piece where nothing is said', () => {
    expect(readComponents('cd67 2\n\n  SPX×3 \n６９３４ \nA x\nB 0\nC 1 2')).to.deep.equal([
      { line: 1, code: 'CD67', quantity: 2 },
      { line: 3, code: 'SPX', quantity: 3 },
      { line: 4, code: '6934', quantity: 1 },
      { line: 5, code: 'A', quantity: null },
      { line: 6, code: 'B', quantity: null },
      { line: 7, code: 'C', quantity: null },
    ]);
  });

  it('never lead back to the product', () => {
    const bills = new Map([
      [2, [3, 4]],
      [4, [5]],
      [5, [1]],
    ]);
    expect(cycleOf(1, [2], bills)).to.deep.equal([2, 4, 5, 1]);
    expect(cycleOf(9, [2], bills), 'a circle elsewhere is not walked for ever').to.equal(null);
    expect(cycleOf(1, [3], bills)).to.equal(null);
  });
});
