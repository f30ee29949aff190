import { expect } from 'chai';
import { getProduct } from '../../src/modules/catalog/queries/product-page';
import { product } from '../../src/modules/catalog';
import { readAllRows } from '../../src/platform/spreadsheet';
import { testApps } from '../support/http';
import { sampleCatalog } from '../support/sample-catalog';

describe('catalog pages', () => {
  const start = testApps();

  it('make a product with every combination of its attributes', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    const fields = {
      name: 'REDMI K90',
      modelNumber: '',
      brandId: sample.brandId,
      categoryId: sample.phoneCategoryId,
      tracking: '',
      taxRate: '',
      warrantyMonths: '',
      memories: '12+256G，16+512G',
      colours: '黑、白、 黑',
      networks: '',
      codePrefix: 'k90',
    };
    const created = await app.post('/catalog/products', fields);
    expect(created.status).to.equal(303);
    const path = created.headers['location'] ?? '';
    const shown = await app.get(path).expect(200);
    for (const text of ['REDMI K90 12+256G 黑', 'REDMI K90 16+512G 白', 'K90-01', 'K90-04', '12 个月', '13%'])
      expect(shown.text).to.include(text);
    expect(shown.text).to.not.include('K90-05');
    const again = await app.post('/catalog/products', { ...fields, name: 'redmi k90' });
    expect(again.status).to.equal(422);
    expect(again.text).to.include('这个品牌下已有').and.include('value="12+256G，16+512G"');
    const more = await app.post(`${path}/variants`, {
      memories: '12+256G',
      colours: '黑，绿',
      networks: '',
      codePrefix: 'K90',
    });
    expect(more.status).to.equal(303);
    const product = await getProduct(app.database.read, app.actor, Number(path.split('/').at(-1)));
    expect(product.skus.map((row) => [row.code, row.colour])).to.deep.include(['K90-05', '绿']);
    expect(product.skus).to.have.length(5);
    expect((await app.post(`${path}/variants`, { memories: '12+256G', colours: '黑' })).text).to.include(
      '没有新的规格',
    );
  });

  it('list by name, initials, code and barcode, with filters in the address', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    const names = async (query: string): Promise<string[]> => {
      const { text } = await app.get(`/catalog/products${query}`).expect(200);
      return ['小米 17', '67W 充电器', '碎屏险'].filter((name) => text.includes(`>${name}</a>`));
    };
    expect(await names('')).to.eql(['小米 17', '67W 充电器', '碎屏险']);
    expect(await names('?q=xm17')).to.eql(['小米 17']);
    expect(await names('?q=MI17-02')).to.eql(['小米 17']);
    expect(await names('?q=6934177700019')).to.eql(['67W 充电器']);
    expect(await names(`?category=${sample.accessoryCategoryId}`)).to.eql(['67W 充电器', '碎屏险']);
    expect(await names('?tracking=service')).to.eql(['碎屏险']);
    expect(await names('?active=no')).to.eql([]);
    expect(await names('?brand=999')).to.eql([]);
  });

  it('export one row a variant, and nothing that could run as a formula', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    await app.post('/catalog/products', {
      name: '=HYPERLINK("x")',
      brandId: sample.brandId,
      categoryId: sample.phoneCategoryId,
    });
    const { body } = await app
      .get('/catalog/products/export?q=67w')
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      })
      .expect(200);
    const cells = async (bytes: unknown): Promise<string[]> =>
      (await readAllRows(bytes as Buffer)).flatMap((row) => row.cells.map((cell) => cell.text));
    const found = await cells(body);
    expect(found).to.include.members(['CD67', '67W 充电器', '6934177700019', '数量']);
    expect(found).to.not.include('MI17-01');
  });

  it('take no product under a brand or category that is switched off, and leave one where it is', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    const path = `/catalog/products/${sample.phoneProductId}`;
    const version = Number((await app.database.read.get(product, sample.phoneProductId))?.version);
    await app.database.dataSource.query('UPDATE category SET active = 0');
    const fields = { brandId: sample.brandId, categoryId: sample.phoneCategoryId };
    const refused = await app.post('/catalog/products', { ...fields, name: '小米 18' });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('已停用，不能用于新商品').and.include('value="小米 18"');
    const same = {
      ...fields,
      name: '小米 17 Pro',
      tracking: 'serial',
      taxRate: '13',
      warrantyMonths: '12',
      active: '1',
    };
    const kept = await app.post(path, { ...same, version });
    expect(kept.status, kept.text).to.equal(303);
    const moved = await app.post(path, {
      ...same,
      categoryId: sample.accessoryCategoryId,
      version: version + 1,
    });
    expect(moved.status).to.equal(422);
  });

  it('change a product and its variants, and refuse what came late', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    const path = `/catalog/products/${sample.phoneProductId}`;
    const fields = {
      name: '小米 17 Pro',
      modelNumber: '25113PN0EC',
      brandId: sample.brandId,
      categoryId: sample.phoneCategoryId,
      tracking: 'serial',
      taxRate: '6',
      warrantyMonths: '24',
      version: 1,
      active: '1',
    };
    expect((await app.post(path, { ...fields, taxRate: '101' })).status).to.equal(422);
    expect((await app.post(path, fields)).status).to.equal(303);
    const product = await getProduct(app.database.read, app.actor, sample.phoneProductId);
    expect(product.skus.map((row) => [row.name, row.taxRateBp])).to.deep.equal([
      ['小米 17 Pro 12+256G 白', 600],
      ['小米 17 Pro 12+512G 黑', 600],
    ]);
    const late = await app.post(path, { ...fields, name: '晚了' });
    expect(late.status).to.equal(409);
    expect(late.text).to.include('value="晚了"');

    const sku = `/catalog/skus/${sample.phoneSkuIds[0]}`;
    const change = { memory: '12+256G', colour: '雪山白', network: '', variant: '', version: 1, active: '1' };
    expect((await app.post(sku, { ...change, barcodes: '6934177700019' })).text).to.include('已属于“67W 充电器”');
    expect((await app.post(sku, { ...change, barcodes: '6934177700101\n6934177700118' })).status).to.equal(303);
    expect((await app.get(path).expect(200)).text)
      .to.include('小米 17 Pro 12+256G 雪山白')
      .and.include('6934177700118');
    expect((await app.get('/search?q=6934177700118').expect(303)).headers['location']).to.equal(path);
  });

  it('show a picture to who may see products, and take nothing else for one', async () => {
    const app = await start();
    const { phoneProductId } = await sampleCatalog(app.uow);
    const path = `/catalog/products/${phoneProductId}`;
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const send = (name: string, content: Buffer) => app.upload(`${path}/picture`, [{ field: 'file', name, content }]);
    expect((await send('a.png', png)).status).to.equal(303);
    const src = async () => /src="(\/attachments\/\d+)"/.exec((await app.get(path).expect(200)).text)?.[1] ?? '';
    const first = await src();
    const picture = await app.get(first).expect(200);
    expect(picture.headers['content-type']).to.equal('image/png');
    expect((await send('b.png', png)).status).to.equal(303);
    expect(await src()).to.not.equal(first);
    await app.get(first).expect(404);
    const clerk = await app.as({ permissions: ['catalog.product.view'] });
    await clerk.get(await src()).expect(200);
    const stranger = await app.as({ permissions: ['crm.customer.view'] });
    await stranger.get(await src()).expect(404);
    const wrong = await send('c.png', Buffer.from('<svg onload="alert(1)">'));
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('这个文件不是图片');
    expect((await app.upload(`${path}/picture`, [])).status).to.equal(422);
  });

  it('keep brands and categories', async () => {
    const app = await start();
    await sampleCatalog(app.uow);
    expect((await app.post('/catalog/brands', { name: ' 小 米 ' })).status).to.equal(422);
    expect((await app.post('/catalog/brands', { name: '荣耀' })).status).to.equal(303);
    expect((await app.get('/catalog/brands').expect(200)).text).to.include('荣耀');
    const category = { name: '充电', taxRate: '13', tracking: 'plain', parentId: '' };
    expect((await app.post('/catalog/categories', category)).status).to.equal(303);
    expect((await app.post('/catalog/categories', category)).text).to.include('同一级已有');
    expect((await app.post('/catalog/categories', { ...category, taxRate: 'x' })).status).to.equal(422);
    expect((await app.get('/catalog/categories').expect(200)).text).to.include('充电');
  });

  it('show clerks no way to change anything', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    const clerk = await app.as({ permissions: ['catalog.product.view'] });
    const list = await clerk.get('/catalog/products').expect(200);
    expect(list.text).to.not.include('/catalog/products/new');
    const { text } = await clerk.get(`/catalog/products/${sample.phoneProductId}`).expect(200);
    expect(text).to.not.include('/edit').and.not.include('/catalog/skus/').and.not.include('/pricing/');
  });
});
