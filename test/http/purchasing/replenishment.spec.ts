import { expect } from 'chai';
import { upkeepRun } from '../../../src/platform/upkeep';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { busyShop } from '../../support/busy-shop';
import { testApps } from '../../support/http';
import { download } from '../../support/import-pages';

const PATH = '/purchasing/replenishment';

describe('replenishment pages', function () {
  this.timeout(60_000);
  const start = testApps();

  it('set a rule, compute, explain each number and make the document once', async () => {
    const on = await start();
    const shop = await busyShop(on);
    expect((await on.get(PATH).expect(200)).text).to.include('还没有计算过');
    const wrong = await on.post(`${PATH}/rules`, { sku: 'NOPE', minimum: '三', maximum: '9' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="三"').and.include('请填整数');
    expect((await on.post(`${PATH}/rules`, { minimum: '3' })).text).to.include('上下限要指定商品');
    const rule = { store: String(shop.otherStoreId), sku: 'CD67', minimum: '4', packSize: '5' };
    expect((await on.post(`${PATH}/rules`, rule)).status).to.equal(303);
    expect((await on.get(`${PATH}/rules?q=cd67`).expect(200)).text)
      .to.include('67W 充电器')
      .and.include('河西店');
    expect(await readAllRows(await download(on, `${PATH}/rules.xlsx`))).to.have.length(2);
    const elsewhere = (await on.get(`${PATH}/rules?store=${shop.storeId}`).expect(200)).text;
    expect(elsewhere).not.to.include('67W 充电器');
    expect((await on.post(`${PATH}/runs`)).headers['location']).to.equal(PATH);
    const [run] = await on.database.read.find(upkeepRun, { kind: 'replenish' });
    const polled = await on.get(`${PATH}/runs/${run?.id}/progress`).expect(200);
    expect(polled.body).to.include({ state: 'finished', href: PATH });
    const { text } = await on.get(`${PATH}?store=${shop.otherStoreId}&q=cd67`).expect(200);
    const id = Number(/name="ids" value="(\d+)"/.exec(text)?.[1]);
    expect(text).to.include(`href="${PATH}/${id}"`);
    const why = (await on.get(`${PATH}/${id}`).expect(200)).text;
    for (const words of [
      '近 28 天卖出',
      '走势',
      '补货点',
      '不少于下限 4',
      '现有和在途',
      '还缺',
      '这种商品在这家店的规则',
    ])
      expect(why).to.include(words);
    expect(why).to.match(/name="minimum"[^>]*value="4"/);
    expect((await on.post(`${PATH}/${id}/rule`, { minimum: 'x' })).text)
      .to.include('value="x"')
      .and.include('怎么算出来的');
    expect((await on.post(`${PATH}/${id}/rule`, { minimum: '6' })).status).to.equal(303);
    const rows = await readAllRows(await download(on, `${PATH}.xlsx?q=cd67`));
    expect(rows[0]?.cells.map(({ text: cell }) => cell)).to.include.members([
      '建议数量',
      '近 28 天卖出',
      '补货点',
      '现有和在途',
    ]);
    expect((await on.post(`${PATH}/documents`)).headers['location']).to.equal(PATH);
    expect((await on.post(`${PATH}/requisitions`)).headers['location']).to.equal(PATH);
    const made = await on.post(`${PATH}/documents`, { ids: String(id) });
    expect(made.headers['location']).to.match(/^\/(inventory\/transfers|purchasing\/orders)\/\d+$/);
    expect((await on.get(made.headers['location'] ?? '').expect(200)).text).to.include('CD67');
    expect((await on.post(`${PATH}/documents`, { ids: String(id) })).headers['location']).to.equal(PATH);
    expect((await on.get(PATH)).text).to.include('已经生成过单据');
    expect((await on.get(`${PATH}?state=done`).expect(200)).text).to.match(
      /\/(inventory\/transfers|purchasing\/orders)\/\d+/,
    );
  });

  it('ask who supplies what was never bought, and keep to rights and stores', async () => {
    const on = await start();
    const shop = await busyShop(on);
    await on.post(`${PATH}/rules`, { store: String(shop.storeId), sku: 'MI17-02', minimum: '2' });
    await on.post(`${PATH}/runs`);
    const { text } = await on.get(`${PATH}?supplier=none`).expect(200);
    const id = /name="ids" value="(\d+)"/.exec(text)?.[1] ?? '';
    const asked = await on.post(`${PATH}/documents`, { ids: id });
    expect(asked.status).to.equal(422);
    expect(asked.text).to.include('向谁采购').and.include(`name="ids.0" value="${id}"`);
    const supplier = /<option value="(\d+)">深圳华盛通讯/.exec(asked.text)?.[1] ?? '';
    const made = await on.post(`${PATH}/documents`, { 'ids.0': id, supplierId: supplier });
    expect(made.headers['location']).to.match(/^\/purchasing\/orders\/\d+$/);
    await on.post(`${PATH}/rules`, { store: String(shop.otherStoreId), sku: 'MI17-02', minimum: '2' });
    await on.post(`${PATH}/runs`);
    const wanted = (await on.get(`${PATH}?store=${shop.otherStoreId}&q=MI17-02`).expect(200)).text;
    expect(wanted).to.include('改为请购');
    const asks = await on.post(`${PATH}/requisitions`, { ids: /name="ids" value="(\d+)"/.exec(wanted)?.[1] ?? '' });
    expect((await on.get(asks.headers['location'] ?? '').expect(200)).text).to.include('MI17-02');
    const done = (await on.get(`${PATH}?state=done`).expect(200)).text;
    expect(done).to.include(`href="${asks.headers['location']}"`);
    await on.post(`${PATH}/rules`, { store: String(shop.storeId), sku: 'CD67', minimum: '40' });
    await on.post(`${PATH}/runs`);
    const within = (await on.get(`${PATH}?budget=100000`).expect(200)).text;
    expect(within)
      .to.include('预算内采购 1 行')
      .and.include('CD67')
      .and.match(/name="ids" value="\d+" checked/);
    const short = (await on.get(`${PATH}?budget=10`).expect(200)).text;
    expect(short).to.include('预算内采购 0 行').and.include('1 行超出预算').and.not.include('CD67</');
    expect(await readAllRows(await download(on, `${PATH}.xlsx?budget=100000`))).to.have.length(2);
    const blind = await on.as({ permissions: ['purchasing.replenishment.view'] });
    const unpriced = (await blind.get(`${PATH}?budget=100000`).expect(200)).text;
    expect(unpriced).to.include('CD67').and.not.include('预算');
    const elsewhere = await on.as({ permissions: ['purchasing.replenishment.view'], stores: [shop.otherStoreId] });
    await elsewhere.get(`${PATH}/${id}`).expect(404);
    expect((await elsewhere.post(`${PATH}/runs`)).status).to.equal(403);
    expect(await readAllRows(await download(on, `${PATH}/rules.xlsx`))).to.have.length(4);
    const [, theirs, ...more] = await readAllRows(await download(elsewhere, `${PATH}/rules.xlsx`));
    expect(theirs?.cells.map(({ text: cell }) => cell)).to.include('河西店');
    expect(more).to.eql([]);
  });
});
