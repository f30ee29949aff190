import { expect } from 'chai';
import { createStore, defaultLocation, getCompany, locationsOf } from '../../src/modules/organization';
import { postOpeningStock } from '../../src/modules/inventory';
import { sampleCatalog } from '../support/sample-catalog';
import { testApps, type TestApp } from '../support/http';

describe('organization pages', () => {
  const start = testApps();

  const openStore = (app: TestApp, code: string) =>
    createStore(app.uow, app.actor, { code, name: `${code} 店`, kind: 'store' });

  it('open a store with its default location, and keep what was typed when something is wrong', async () => {
    const app = await start();
    const wrong = await app.post('/organization/stores', {
      code: 'N J',
      name: '新街口<b>店',
      kind: 'store',
      phone: '123',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="新街口&lt;b&gt;店"').and.include('编码要 2 到 12 位');
    const created = await app.post('/organization/stores', {
      code: 'nj01',
      name: '新街口店',
      kind: 'store',
      phone: '025-84455667',
    });
    expect(created.status).to.equal(303);
    const shown = await app.get(created.headers['location'] ?? '').expect(200);
    expect(shown.text).to.include('NJ01 新街口店').and.include('前仓').and.include('02584455667');
    expect((await app.get('/organization/stores').expect(200)).text).to.include('新街口店');
    expect(shown.text).to.match(/href="\/inventory\/devices\?store=\d+"/);
    const twice = await app.post('/organization/stores', { code: 'NJ01', name: '另一家', kind: 'store' });
    expect(twice.status).to.equal(422);
    expect(twice.text).to.include('编码 NJ01 已有门店在用');
  });

  it('do a repeated submission once', async () => {
    const app = await start();
    const fields = { code: 'NJ09', name: '只开一家', kind: 'store', operationKey: 'same-key-0001' };
    const first = await app.post('/organization/stores', fields);
    const second = await app.post('/organization/stores', fields);
    expect([first.status, second.status]).to.eql([303, 303]);
    expect(second.headers['location']).to.equal(first.headers['location']);
  });

  it('refuse a change that somebody else overtook', async () => {
    const app = await start();
    const { id } = await openStore(app, 'NJ01');
    const change = { name: '新名字', phone: '', address: '', version: 1, active: '1' };
    expect((await app.post(`/organization/stores/${id}`, change)).status).to.equal(303);
    const stale = await app.post(`/organization/stores/${id}`, { ...change, name: '晚来的名字' });
    expect(stale.status).to.equal(409);
    expect(stale.text).to.include('晚来的名字').and.include('刚才有人改过');
  });

  it('keep exactly one default location', async () => {
    const app = await start();
    const { id, defaultLocationId } = await openStore(app, 'NJ01');
    await app.post(`/organization/stores/${id}/locations`, { locationCode: 'demo', locationName: '体验台' });
    const twice = await app.post(`/organization/stores/${id}/locations`, {
      locationCode: 'Demo',
      locationName: '又一个',
    });
    expect(twice.status).to.equal(422);
    expect(twice.text)
      .to.include('本店已有编码为 DEMO 的库位')
      .and.include('value="又一个"')
      .and.include('value="NJ01 店"');
    const demo = (await locationsOf(app.database.read, id)).find((row) => row.code === 'DEMO');
    expect((await app.post(`/organization/locations/${demo?.id}/default`)).status).to.equal(303);
    expect((await defaultLocation(app.database.read, id)).id).to.equal(demo?.id);
    const closing = await app.post(`/organization/locations/${demo?.id}/closing`);
    expect(closing.status).to.be.oneOf([409, 422]);
    expect((await app.post(`/organization/locations/${defaultLocationId}/closing`)).status).to.equal(303);
    const rows = await locationsOf(app.database.read, id, { all: true });
    expect(rows.map((row) => [row.code, row.isDefault, row.active])).to.eql([
      ['DEMO', true, true],
      ['MAIN', false, false],
    ]);
  });

  it('stay open while goods are on their books', async () => {
    const app = await start();
    const sample = await sampleCatalog(app.uow);
    const { storeId, locationId } = sample;
    await app.uow.run(app.actor, (unit) =>
      postOpeningStock(unit, {
        storeId,
        businessDate: unit.today,
        lines: [
          {
            lineNo: 1,
            skuId: sample.chargerSkuId,
            storeId,
            locationId,
            quantity: 3,
            valueFen: 9_000,
            identifiers: [],
            receivedOn: unit.today,
            makerWarrantyUntil: null,
          },
        ],
      }),
    );
    await app.post(`/organization/stores/${storeId}/locations`, { locationCode: 'DEMO', locationName: '体验台' });
    const demo = (await locationsOf(app.database.read, storeId)).find((row) => row.code === 'DEMO');
    await app.post(`/organization/locations/${demo?.id}/default`);
    const closing = await app.post(`/organization/locations/${locationId}/closing`);
    expect(closing.status).to.equal(422);
    expect(closing.text).to.include('还有 3 件货');
    const store = await app.post(`/organization/stores/${storeId}`, { name: '新街口店', version: 1 });
    expect(store.status).to.equal(422);
    expect(store.text).to.include('店里还有 3 件货');
  });

  it('show and change only what is in the reader’s stores', async () => {
    const app = await start();
    const mine = await openStore(app, 'NJ01');
    const other = await openStore(app, 'NJ02');
    const permissions = [
      'organization.store.view',
      'organization.store.edit',
      'organization.staff.view',
      'organization.staff.edit',
    ];
    const manager = await app.as({ permissions, stores: [mine.id] });
    const list = await manager.get('/organization/stores').expect(200);
    expect(list.text).to.include('NJ01 店').and.not.include('NJ02 店');
    await manager.get(`/organization/stores/${other.id}`).expect(404);
    const change = { name: '改名', version: 1, active: '1' };
    expect((await manager.post(`/organization/stores/${other.id}`, change)).status).to.be.oneOf([403, 404]);
    expect(
      (await manager.post(`/organization/stores/${other.id}/locations`, { locationCode: 'X1', locationName: 'x' }))
        .status,
    ).to.be.oneOf([403, 404]);
    expect(
      (await manager.post('/organization/staff', { code: 'N1', name: '小王', storeId: other.id })).status,
    ).to.equal(403);
    expect((await manager.post('/organization/staff', { code: 'N1', name: '小王', storeId: '' })).status).to.equal(422);
    expect(
      (await manager.post('/organization/staff', { code: 'N01', name: '单小王', storeId: mine.id })).status,
    ).to.equal(303);
    expect((await app.post('/organization/staff', { code: 'N02', name: '李四', storeId: other.id })).status).to.equal(
      303,
    );
    const staff = await manager.get('/organization/staff').expect(200);
    expect(staff.text).to.include('单小王').and.not.include('李四');
    expect((await manager.get('/organization/staff?q=sxw').expect(200)).text).to.include('单小王');
    expect((await manager.get('/organization/staff?q=zzz').expect(200)).text).to.include('没有符合这些条件');
  });

  it('write the company once and then change it', async () => {
    const app = await start();
    expect((await app.get('/organization/company').expect(200)).text).to.include('公司资料');
    const fields = { name: '金陵通讯', taxNumber: '91320102ma1nk3b70c', phone: '', address: '', version: 0 };
    expect((await app.post('/organization/company', fields)).status).to.equal(303);
    expect(await getCompany(app.database.read)).to.include({
      name: '金陵通讯',
      taxNumber: '91320102MA1NK3B70C',
      currency: 'CNY',
      version: 1,
    });
    expect((await app.post('/organization/company', { ...fields, version: 1, taxNumber: '12' })).status).to.equal(422);
    expect((await app.post('/organization/company', { ...fields, version: 1, name: '金陵通讯集团' })).status).to.equal(
      303,
    );
    expect((await getCompany(app.database.read))?.version).to.equal(2);
  });

  it('are in English as well', async () => {
    const app = await start({ actor: { locale: 'en' } });
    const { id } = await openStore(app, 'NJ01');
    for (const path of [
      `/organization/stores/${id}`,
      '/organization/staff/new',
      '/organization/departments',
      '/organization/company',
    ])
      await app.get(path).expect(200);
  });
});
