import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { sql } from '../../../src/platform/database';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { testApps, type TestApp } from '../../support/http';
import { applyImportPage, checkAsProposed, download, proposedFields, uploadImport } from '../../support/import-pages';
import { sampleCatalog } from '../../support/sample-catalog';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';

const stockOf = (on: TestApp) =>
  on.database.read.all<{ store: string; code: string; quantity: number; valueFen: number }>(
    sql`SELECT st.code AS store, s.code, b.quantity, b.value_fen FROM stock_balance b JOIN store st ON st.id = b.store_id
      JOIN sku s ON s.id = b.sku_id ORDER BY st.code, s.code`,
  );

describe('importing a cross table', function () {
  this.timeout(60_000);
  const start = testApps();
  const table =
    '期初库存表\n商品编码,商品,成本,新街口店,河西店,合计\nCD67,67W 充电器,50.00,12,0,12\nX9,不认识,10,,3,3\n';

  it('says that a file looks like one, and reads it only after stores were chosen', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    const href = await uploadImport(on, 'inventory.opening', 'cross.csv', table);
    const plain = (await on.get(href).expect(200)).text;
    expect(plain).to.include('这张表像是交叉表').and.include('新街口店、河西店');
    expect(plain, 'stores of that name are proposed').to.match(/name="across\.3"[\s\S]*?value="NJ01" selected/);
    expect(Object.keys(proposedFields(plain)).some((name) => name.startsWith('across.'))).to.equal(false);

    const tried = `${href}?sheet=0&headerRow=2&across.3=NJ01&across.4=NJ02&across.5=`;
    const preview = (await on.get(tried).expect(200)).text;
    expect(preview).to.include('2 列门店');
    const sample = /id="sample"[\s\S]*?<\/table>/.exec(preview)?.[0] ?? '';
    expect([...sample.matchAll(/<tr>/g)].length, 'head, one row of each store that has goods').to.equal(3);
    expect(proposedFields(preview)).to.include({ 'across.3': 'NJ01', 'across.4': 'NJ02', 'column.cost': '2' });
    expect(await stockOf(on)).to.deep.equal([]);

    const wrong = await checkAsProposed(on, href, { from: tried });
    expect(wrong).to.include('没有编码或条码是“X9”的商品').and.include('1 处要改');
    const [, row] = await readAllRows(await download(on, `${href}/problems.xlsx`));
    expect(row?.cells.map(({ text }) => text)).to.deep.equal([
      '4',
      'X9',
      '不认识',
      '10',
      '',
      '3',
      '3',
      '商品编码：没有编码或条码是“X9”的商品。请先导入商品，或改正编码。',
    ]);
  });

  it('writes one row a store, all or nothing', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    const href = await uploadImport(on, 'inventory.opening', 'cross.csv', table.replace('X9,不认识,10,,3,3\n', ''));
    const from = `${href}?sheet=0&headerRow=2&across.3=NJ01&across.4=NJ02`;
    expect(await checkAsProposed(on, href, { from })).to.include('1 行全部通过检查');
    await applyImportPage(on, href);
    expect(await stockOf(on)).to.deep.equal([{ store: 'NJ01', code: 'CD67', quantity: 12, valueFen: 60_000 }]);
  });

  it('refuses a column that is a store and something else, and stores that are not there', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    const href = await uploadImport(on, 'inventory.opening', 'cross.csv', table);
    const twice = await on.post(`${href}/check`, {
      headerRow: 2,
      sheet: 0,
      'column.sku': 0,
      'column.cost': 3,
      'across.3': 'NJ01',
    });
    expect(twice.status).to.equal(422);
    expect(twice.text).to.include('这一列已经对应给别的栏目');
    const nowhere = await checkAsProposed(on, href, { from: `${href}?sheet=0&headerRow=2&across.3=NO99` });
    expect(nowhere).to.include('没有叫“NO99”的门店');
  });

  it('reads the stock table of a phone shop: products that are missing are named row by row', async function () {
    const file = sharedFile('stock-by-city-crosstab-cn.xlsx');
    skipUnlessOutside(this, file, COLLECTION_ABSENT);
    const on = await start();
    await sampleCatalog(on.uow);
    const english = await on.as({ locale: 'en' });
    const href = await uploadImport(english, 'inventory.opening', 'stock.xlsx', readFileSync(file));
    expect((await english.get(href).expect(200)).text).to.include('This looks like a cross table');
    const from = `${href}?sheet=0&headerRow=1&across.1=NJ01&across.2=NJ02`;
    const page = await checkAsProposed(english, href, { from });
    expect(page).to.include('No product is called exactly “小米13”').and.include('No cost');
    expect(await readAllRows(await download(english, `${href}/problems.xlsx`))).to.have.length(9);
  });
});
