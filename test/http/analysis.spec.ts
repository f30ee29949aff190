import { expect } from 'chai';
import { upkeepRun } from '../../src/platform/upkeep';
import { readAllRows } from '../../src/platform/spreadsheet';
import { busyShop } from '../support/busy-shop';
import { testApps } from '../support/http';
import { download } from '../support/import-pages';

const DAY = 24 * 3_600_000;
const VIEWS = ['reporting.analysis.view', 'inventory.stock.view'];

describe('pages of turnover, classes and dead stock', function () {
  this.timeout(60_000);
  const start = testApps();

  it('are computed on demand, and lead from each figure to what it is made of; others see their stores, and no cost', async () => {
    let now = Date.now() - 100 * DAY;
    const app = await start({ clock: () => now });
    const shop = await busyShop(app);
    now += 100 * DAY;
    const on = await app.as({});
    expect((await on.get('/reporting/turnover').expect(200)).text).to.include('计算完成后这里显示结果');
    expect((await on.post('/reporting/analysis/runs?page=classes')).headers['location']).to.equal('/reporting/classes');
    const [run] = await app.database.read.find(upkeepRun, { kind: 'analyse' });
    const polled = await on.get(`/reporting/analysis/runs/${run?.id}/progress?page=dead-stock`).expect(200);
    expect(polled.body).to.include({ state: 'finished', href: '/reporting/dead-stock' });
    const turnover = (await on.get('/reporting/turnover?weeks=52').expect(200)).text;
    expect(turnover).to.include('67W 充电器').and.include('周转天数');
    const movements = /href="(\/inventory\/movements\?sku=[^"]+)"/.exec(turnover)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await on.get(movements).expect(200)).text).to.include('入库');
    const stock = /href="(\/reporting\/stock-matrix\?measure=value[^"]+)"/
      .exec(turnover)?.[1]
      ?.replaceAll('&amp;', '&');
    expect((await on.get(stock ?? '').expect(200)).text).to.include('日终');
    for (const by of ['store', 'category', 'brand']) {
      expect((await on.get(`/reporting/turnover?by=${by}&weeks=52`).expect(200)).text, by).to.include('合计');
      expect((await readAllRows(await download(on, `/reporting/turnover.xlsx?by=${by}`))).length).to.be.greaterThan(1);
    }
    expect((await on.get('/reporting/turnover?by=store').expect(200)).text).to.include(
      '/reporting/turnover.svg?by=store',
    );
    await on.agent.get('/reporting/turnover.svg?by=store').expect(200).expect('content-type', /svg/);
    const classes = (await on.get('/reporting/classes?weeks=52').expect(200)).text;
    const field = /href="(\/reporting\/classes\?[^"]*class=A[XYZ])"/.exec(classes)?.[1]?.replaceAll('&amp;', '&');
    expect((await on.get(field ?? '').expect(200)).text)
      .to.include('MI17-01')
      .and.not.include('<small>CD67');
    await on.agent.get('/reporting/classes.svg?theme=dark').expect(200).expect('content-type', /svg/);
    const rows = await readAllRows(await download(on, '/reporting/classes.xlsx?weeks=52'));
    expect(rows[0]?.cells.map(({ text }) => text)).to.eql([
      '编码',
      '商品',
      '分类',
      '不含税销售额',
      '售出',
      '变异系数',
      '库存',
      '库存金额',
    ]);
    const dead = (await on.get(`/reporting/dead-stock?store=${shop.storeId}`).expect(200)).text;
    expect(dead).to.include('67W 充电器').and.include('建议');
    expect((await on.get('/reporting/dead-stock?days=360&action=transfer').expect(200)).text).to.include('没有');
    expect(await readAllRows(await download(on, '/reporting/dead-stock.xlsx'))).to.have.length(4);
    const long = '/reporting/device-profit?from=2020-01-01';
    const sold = (await on.get(long).expect(200)).text;
    expect(sold)
      .to.include('合计 1 台')
      .and.match(/\/inventory\/devices\/\d+/)
      .and.match(/\/sales\/sales\/\d+/);
    expect((await on.get('/reporting/device-profit').expect(200)).text).to.include('这些天没有卖出手机');
    expect(await readAllRows(await download(on, long.replace('?', '.xlsx?')))).to.have.length(2);
    const other = await app.as({ permissions: VIEWS, stores: [shop.otherStoreId] });
    for (const page of ['dead-stock', 'classes?weeks=52']) {
      const { text } = await other.get(`/reporting/${page}`).expect(200);
      expect(text, page).to.include('MI17').and.not.include('CD67').and.not.include('库存金额');
    }
    const columns = (await readAllRows(await download(other, '/reporting/dead-stock.xlsx')))[0]?.cells;
    expect(columns?.map(({ text }) => text)).not.to.include('库存金额');
    await other.get('/reporting/turnover').expect(403);
    await other.get('/reporting/turnover.xlsx').expect(403);
    await other.get('/reporting/device-profit').expect(403);
    await other.get('/reporting/device-profit.xlsx').expect(403);
    expect((await other.post('/reporting/analysis/runs')).status).to.equal(403);
  });
});
