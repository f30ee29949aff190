import { expect } from 'chai';
import { completeImei } from '../../../src/kernel';
import { verifyLedger } from '../../../src/ledger';
import { sql } from '../../../src/platform/database';
import { readAllRows, writeXlsx } from '../../../src/platform/spreadsheet';
import { testApps, type TestApp } from '../../support/http';
import {
  applyImportPage,
  checkAsProposed,
  download,
  importSettled,
  proposedFields,
  uploadImport,
} from '../../support/import-pages';
import { sampleCatalog } from '../../support/sample-catalog';
import { collect } from '../../support/workbook';

const fileOf = (rows: number, cost: (index: number) => string = () => '3999.00'): string =>
  '商品编码,门店,串号,成本\n' +
  Array.from(
    { length: rows },
    (_, index) =>
      `MI17-0${1 + (index % 2)},NJ0${1 + (index % 2)},${completeImei(`86742107${100_000 + index}`)},${cost(index)}\n`,
  ).join('');

const count = async (on: TestApp, table: 'device' | 'opening_stock'): Promise<number> =>
  Number((await on.database.read.one<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${sql.identifier(table)}`))?.n ?? 0);

describe('long imports', function () {
  this.timeout(120_000);
  const start = testApps();
  const shop = async (): Promise<TestApp> => {
    const on = await start();
    await sampleCatalog(on.uow);
    return on;
  };

  it('post a chain’s stock in documents of bounded size, all or nothing, and the books agree', async () => {
    const on = await shop();
    const href = await uploadImport(on, 'inventory.opening', 'stock.csv', fileOf(4500));
    expect(await checkAsProposed(on, href))
      .to.include('4,500 行全部通过检查')
      .and.include('单据数');
    expect(await count(on, 'device')).to.equal(0);
    expect(await applyImportPage(on, href)).to.include('已导入 4,500 行');
    expect([await count(on, 'device'), await count(on, 'opening_stock')]).to.deep.equal([4500, 4]);
    expect((await verifyLedger(on.database.read)).ok).to.equal(true);
  });

  it('answer other requests meanwhile, and stop when they are cancelled with nothing written', async () => {
    const on = await shop();
    const href = await uploadImport(on, 'inventory.opening', 'stock.csv', fileOf(12_000));
    await checkAsProposed(on, href);
    await on.post(`${href}/application`);
    const shown = (await on.get(href).expect(200)).text;
    expect(shown).to.include('progress-poll').and.include(`action="${href}/cancellation"`);
    expect((await on.post(`${href}/cancellation`)).status).to.equal(303);
    expect(await importSettled(on, href)).to.include('已取消，什么都没有写入');
    expect(await count(on, 'device')).to.equal(0);
    await checkAsProposed(on, href);
    expect(await applyImportPage(on, href), 'may be tried again').to.include('已导入 12,000 行');
    expect((await on.post(`${href}/cancellation`)).status, 'too late: nothing happens').to.equal(303);
    expect(await count(on, 'device')).to.equal(12_000);
  });

  it('keep every wrong row in the error file, with the row as it was', async () => {
    const on = await shop();
    const href = await uploadImport(
      on,
      'inventory.opening',
      'stock.csv',
      fileOf(3000, (index) => (index % 2 ? '=1+1' : '1')),
    );
    const page = await checkAsProposed(on, href);
    expect(page).to.include('1,500 处要改').and.include('显示 100 处，共 1,500 处');
    const file = await download(on, `${href}/problems.xlsx`);
    const rows = await readAllRows(file);
    expect(rows).to.have.length(1501);
    expect(rows[1]?.cells.map(({ text }) => text).slice(0, 5)).to.deep.equal([
      '3',
      'MI17-02',
      'NJ02',
      completeImei('86742107100001'),
      '=1+1',
    ]);
    expect(file.includes(Buffer.from('<f>')), 'text stays text').to.equal(false);
    expect(rows[1]?.cells.at(-1)?.text).to.match(/^成本（不含税）：/);
  });
});

describe('sheets of a workbook', () => {
  const start = testApps();
  const book = (): Promise<Buffer> =>
    collect(
      writeXlsx([
        { name: '说明', columns: [{ header: '请看第二张', type: 'text' }], rows: [['x']] },
        {
          name: '库存',
          columns: [
            { header: '商品编码', type: 'text' },
            { header: '成本', type: 'text' },
          ],
          rows: [['CD67', '50']],
        },
        {
          name: '旧数据',
          columns: [
            { header: 'a', type: 'text' },
            { header: 'a', type: 'text' },
          ],
          rows: [['CD67', '1']],
        },
      ]),
    );

  it('are looked through for the columns, and can be chosen', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    const href = await uploadImport(on, 'inventory.opening', 'book.xlsx', await book());
    const found = (await on.get(href).expect(200)).text;
    expect(proposedFields(found)).to.include({ sheet: '1', 'column.sku': '0', 'column.cost': '1' });
    const other = (await on.get(`${href}?sheet=2&headerRow=1`).expect(200)).text;
    expect(proposedFields(other)).to.include({ sheet: '2' }).and.not.have.any.keys('column.sku');
    expect(other, 'columns of one name are told apart').to.include('a（第 2 列）');
    await checkAsProposed(on, href, {
      from: `${href}?sheet=2&headerRow=1`,
      changes: { 'column.sku': 0, 'column.cost': 1, 'column.store': '' },
    });
    const kept = (await on.get(href).expect(200)).text;
    expect(proposedFields(kept)).to.include({ sheet: '2', 'column.sku': '0', 'column.cost': '1' });
  });

  it('that are not there, and rows that hold no names, are answered with a message', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    const href = await uploadImport(on, 'inventory.opening', 'book.xlsx', await book());
    for (const query of [
      '?sheet=9&headerRow=1',
      '?sheet=1&headerRow=900',
      '?sheet=-1&headerRow=x',
      '?across.0=x&sheet=99999999',
    ]) {
      const answer = await on.get(`${href}${query}`);
      expect([200, 422], query).to.include(answer.status);
      expect(answer.text, query).to.include('action="');
    }
    expect((await on.get(`${href}?sheet=9&headerRow=1`)).text).to.include('没有第 10 张工作表');
    expect((await on.get(`${href}?sheet=1&headerRow=900`)).text).to.include('第 900 行是空的');
  });
});
