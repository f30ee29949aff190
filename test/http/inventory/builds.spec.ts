import { expect } from 'chai';
import { saveBom } from '../../../src/modules/catalog/use-cases/save-bom';
import { stockBuild } from '../../../src/modules/inventory/store/build.table';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop } from '../../support/sample-shop';

describe('assemblies in the browser', function () {
  this.timeout(60_000);
  const start = testApps();
  const hidden = (html: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(html.indexOf('<main')))?.[1] ?? '';

  it('a handset is taken apart from its page, line by line, posted, printed, found, exported and reversed', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const device = shop.devices[0];
    const link = `/inventory/builds/new?kind=take_apart&amp;number=${imeiOf(0)}`;
    expect((await on.get(`/inventory/devices/${device?.id}`).expect(200)).text).to.include(link);
    const form = (await on.get(link.replace('&amp;', '&')).expect(200)).text;
    expect(form).to.include(imeiOf(0)).and.include(`<option value="${shop.locationId}" selected`);
    const typed = { kind: 'take_apart', locationId: String(shop.locationId), pieces: '1', numbers: imeiOf(0) };
    const wrong = await on.post('/inventory/builds', { ...typed, code: 'NONE', note: '拆屏' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('“NONE”').and.include('拆屏').and.include('新建拆分单');
    const made = await on.post('/inventory/builds', typed);
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    const draft = (await on.get(href).expect(200)).text;
    expect(draft).to.include('还没有部件');
    const early = await on.post(`${href}/posting`, { version: hidden(draft, 'version') });
    expect(early.status).to.equal(409);
    expect(early.text).to.include('还没有拆出的部件');
    const add = async (code: string) =>
      on.post(`${href}/lines`, {
        version: hidden((await on.get(`${href}/lines/new`)).text, 'version'),
        code,
        quantity: '1',
      });
    expect((await add('CD67')).status).to.equal(303);
    expect((await add('MI17-02')).status).to.equal(303);
    expect((await add('NONE')).status).to.equal(422);
    const links = (await on.get(href)).text.matchAll(/href="([^"]+\/lines\/\d+)"/g);
    const lines = [...new Set([...links].map(([, one = '']) => one))];
    expect(lines).to.have.length(3);
    const last = lines.at(-1) ?? '';
    const save = async (more: Record<string, string>) =>
      on.post(last, { version: hidden((await on.get(last)).text, 'version'), quantity: '1', ...more });
    expect((await save({ numbers: 'x', weightFen: '12.345' })).status).to.equal(422);
    expect((await save({ numbers: 'SCREEN77A', weightFen: '1000' })).status).to.equal(303);
    expect((await on.get(last)).text)
      .to.include('SCREEN77A')
      .and.include('1000.00');
    const version = hidden((await on.get(href)).text, 'version');
    expect((await on.post(`${href}/posting`, { version })).status).to.equal(303);
    const posted = (await on.get(href).expect(200)).text;
    expect(posted).to.include('已过账').and.include('3,900.00').and.include('3,394.26');
    expect((await on.get(`${href}/print`).expect(200)).text)
      .to.include('SCREEN77A')
      .and.include('505.74');
    expect((await on.get(`/inventory/builds?q=SCREEN77A&kind=take_apart`).expect(200)).text).to.include('3,900.00');
    const number = (await on.database.read.find(stockBuild, {}))[0]?.number ?? '';
    expect((await on.get(`/search?q=${number}`).redirects(0)).headers['location']).to.equal(href);
    const [, first] = await readAllRows(await download(on, '/inventory/builds.xlsx'));
    expect(first?.cells.slice(0, 4).map(({ text }) => text)).to.deep.equal([
      number,
      '拆分单',
      '已过账',
      '小米 17 12+256G 白',
    ]);
    expect((await on.get(`/inventory/devices/${device?.id}`)).text).to.include('拆机');
    const ask = (await on.get(`${href}/reversal`).expect(200)).text;
    expect((await on.post(`${href}/reversal`, { version: hidden(ask, 'version') })).status).to.equal(303);
    expect((await on.get(href)).text).to.include('已红冲');
  });

  it('keep to the stores, the rights and the cost right of the reader', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    await saveBom(on.uow, on.actor, { skuId: shop.phoneSkuIds[1], version: 0, components: 'MI17-01\nCD67' });
    const typed = { kind: 'assemble', locationId: String(shop.locationId), code: 'MI17-02', pieces: '1' };
    const made = await on.post('/inventory/builds', { ...typed, numbers: imeiOf(0) });
    const href = String(made.headers['location']);
    const [phone = ''] = [...(await on.get(href)).text.matchAll(/href="([^"]+\/lines\/\d+)"/g)].map(
      ([, one = '']) => one,
    );
    const version = hidden((await on.get(phone)).text, 'version');
    expect((await on.post(`${phone}/removal`, { version: '99' })).status, 'a stale page').to.equal(409);
    expect((await on.post(phone, { version, quantity: '1', numbers: imeiOf(0) })).status).to.equal(303);
    expect(
      (await on.post(`${href}/posting`, { version: hidden((await on.get(href)).text, 'version') })).status,
    ).to.equal(303);
    const viewer = await on.as({ permissions: ['inventory.build.view'], stores: [shop.storeId] });
    for (const path of [href, `${href}/print`, '/inventory/builds'])
      expect((await viewer.get(path).expect(200)).text, path)
        .to.include('小米 17 12+512G 黑')
        .and.not.include('3,950')
        .and.not.include('成本');
    const [head] = await readAllRows(await download(viewer, '/inventory/builds.xlsx'));
    expect(head?.cells.map(({ text }) => text)).not.to.include('成本金额');
    for (const path of ['/inventory/builds/new', `${href}/reversal`, `${href}/lines/new`])
      expect((await viewer.get(path)).status, path).to.equal(403);
    expect((await viewer.post('/inventory/builds', typed)).status).to.equal(403);
    const other = await on.as({ permissions: ['inventory.build.view'], stores: [shop.otherStoreId] });
    expect((await other.get(href)).status).to.equal(404);
    const draft = String((await on.post('/inventory/builds', { ...typed, pieces: '2' })).headers['location']);
    const asked = (await on.get(`${draft}/cancellation`).expect(200)).text;
    expect((await on.post(`${draft}/cancellation`, { version: hidden(asked, 'version') })).status).to.equal(303);
    expect((await on.get(draft)).text).to.include('已作废');
  });
});
