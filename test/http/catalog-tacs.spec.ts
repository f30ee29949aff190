import { expect } from 'chai';
import { modelsByTac } from '../../src/modules/catalog';
import { testApps } from '../support/http';
import { applyImportPage, checkAsProposed, uploadImport } from '../support/import-pages';
import { sampleCatalog } from '../support/sample-catalog';

describe('pages of TACs', () => {
  const start = testApps();

  it('list, search by TAC, IMEI, model and brand, and show what has no product', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    expect((await on.get('/catalog/tacs').expect(200)).text).to.include('导入对照表');
    const href = await uploadImport(
      on,
      'catalog.tacs',
      'tac.csv',
      'tac,brand,model\n86742106,小米,25113PN0EC\n35000098,Samsung,SM-A326B\n12345678,100%,A_B\n',
    );
    await checkAsProposed(on, href);
    await applyImportPage(on, href);
    const found = async (query: string): Promise<string[]> =>
      [
        ...(await on.get(`/catalog/tacs${query}`).expect(200)).text.matchAll(/href="\/catalog\/tacs\/\d+">(\d{8})</g),
      ].map(([, code = '']) => code);
    expect(await found('')).to.deep.equal(['12345678', '35000098', '86742106']);
    expect(await found('?q=3500')).to.deep.equal(['35000098']);
    expect(await found('?q=35 000098 176148 1')).to.deep.equal(['35000098']);
    expect(await found('?q=sm-a326')).to.deep.equal(['35000098']);
    expect(await found('?q=samsung')).to.deep.equal(['35000098']);
    expect(await found('?q=100%25')).to.deep.equal(['12345678']);
    expect(await found('?q=a_b')).to.deep.equal(['12345678']);
    expect(await found("?q=' OR 1=1")).to.deep.equal([]);
    expect(await found('?linked=yes'), 'the model number is that of a product').to.deep.equal(['86742106']);
    expect(await found('?linked=no&sort=updated')).to.have.length(2);
  });

  it('add one, assign it to a product, refuse doubles, unknown products and stale changes', async () => {
    const on = await start();
    const catalog = await sampleCatalog(on.uow);
    const add = (fields: Record<string, string>) =>
      on.post('/catalog/tacs', { code: '86742106', brand: '小米', models: 'Mi 17', product: '', ...fields });
    expect((await add({ code: '123' })).text)
      .to.include('TAC 应为 8 位数字')
      .and.include('value="Mi 17"');
    expect((await add({ product: '没有这个' })).text).to.include('没有叫“没有这个”的商品');
    expect((await add({})).status).to.equal(303);
    expect((await add({})).status).to.equal(422);
    const id = /\/catalog\/tacs\/(\d+)/.exec((await on.get('/catalog/tacs').expect(200)).text)?.[1] ?? '';
    const updatedAt =
      /name="updatedAt" value="(\d+)"/.exec((await on.get(`/catalog/tacs/${id}`).expect(200)).text)?.[1] ?? '';
    const change = { brand: '小米', models: 'Mi 17', product: '小米 17', updatedAt };
    expect((await on.post(`/catalog/tacs/${id}`, change)).status).to.equal(303);
    expect((await modelsByTac(on.database.read, ['867421063000012'])).get('86742106')?.productId).to.equal(
      catalog.phoneProductId,
    );
    expect((await on.post(`/catalog/tacs/${id}`, change)).status, 'changed since').to.equal(409);
    const reader = await on.as({ permissions: ['catalog.product.view'] });
    expect((await reader.get('/catalog/tacs').expect(200)).text).not.to.include(`/catalog/tacs/${id}`);
    expect((await reader.post(`/catalog/tacs/${id}`, change)).status).to.equal(403);
    expect((await on.get('/catalog/tacs/424242')).status).to.equal(404);
  });
});
