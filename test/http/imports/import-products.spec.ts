import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import { modelsByTac, searchSkus } from '../../../src/modules/catalog';
import { pricesOf } from '../../../src/modules/pricing';
import { testApps, type TestApp } from '../../support/http';
import { applyImportPage, checkAsProposed, download, uploadImport } from '../../support/import-pages';
import { sampleCatalog } from '../../support/sample-catalog';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';

const step = (app: TestApp, href: string, action: 'check' | 'application'): Promise<string> =>
  action === 'check' ? checkAsProposed(app, href) : applyImportPage(app, href);

describe('importing products through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  const upload = uploadImport;

  it('finds the columns, names wrong rows, and writes a right file with its prices', async () => {
    const app = await start();
    const head = '品牌,品名,分类,内存,颜色,管理方式,69码,零售价,最低价\n';
    const wrong = await upload(
      app,
      'catalog.products',
      'a.csv',
      `${head}荣耀,Magic8,手机,12+256G,黑,串号,,4499,4599\n`,
    );
    expect(await step(app, wrong, 'check')).to.include('最低价比零售价还高');
    const rows =
      '荣耀,Magic8,手机/智能手机,12+256G,黑,串号,6936520812345,"4,499",4299\n荣耀,Magic8,手机/智能手机,16+512G,黑,,,4999,\n';
    const right = await upload(app, 'catalog.products', 'b.csv', head + rows);
    expect(await step(app, right, 'check')).to.include('新增规格');
    await step(app, right, 'application');
    const [card] = await searchSkus(app.database.read, '6936520812345');
    expect(card).to.include({ name: 'Magic8 12+256G 黑', brandName: '荣耀', tracking: 'serial' });
    const prices = await pricesOf(app.database.read, [card?.id ?? 0], {
      storeId: null,
      at: Date.now() + 1000,
      on: businessDate('2026-11-22'),
    });
    expect(prices.get(card?.id ?? 0)).to.include({ priceFen: 449_900, floorFen: 429_900 });
  });

  it('takes back what was exported: every row is known already', async () => {
    const app = await start();
    await sampleCatalog(app.uow);
    const href = await upload(app, 'catalog.products', 'export.xlsx', await download(app, '/catalog/products/export'));
    const text = await step(app, href, 'check');
    expect(text).to.include('编码 MI17-01 已有商品在用').and.include('条码 6934177700019 已属于');
    expect((await download(app, '/imports/catalog.products/template.xlsx')).subarray(0, 2).toString()).to.equal('PK');
  });

  it('reads a real table of TACs', async function () {
    const file = sharedFile('tac-samsung-ragged-bom.csv');
    skipUnlessOutside(this, file, COLLECTION_ABSENT);
    const app = await start();
    const href = await upload(app, 'catalog.tacs', 'tac.csv', readFileSync(file));
    await step(app, href, 'check');
    await step(app, href, 'application');
    expect((await modelsByTac(app.database.read, ['350000989123456'])).get('35000098')?.modelText).to.include(
      'SM-A326B',
    );
  });
});
