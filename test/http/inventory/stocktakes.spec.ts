import { expect } from 'chai';
import { postSale } from '../../../src/modules/sales';
import { device, verifyLedger } from '../../../src/ledger';
import { stocktake, stocktakeGoods } from '../../../src/modules/inventory/store/stocktake.table';
import { sql } from '../../../src/platform/database';
import { COST_PERMISSION } from '../../../src/platform/permissions';
import { stockApprovalConfiguration } from '../../../src/modules/inventory/use-cases/approval-level-configuration';
import { setApprovalLevels } from '../../support/orders';
import { type TestApp, testApps, type TestClient } from '../../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const right = (...verbs: string[]): string[] => verbs.map((verb) => `inventory.stocktake.${verb}`);
/** All hidden fields of the form that goes to this address. */
function hiddenOf(html: string, action: string): Record<string, string> {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html)?.[1] ?? '';
  const found = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const { _csrf, ...fields } = Object.fromEntries(found) as Record<string, string>;
  return fields;
}

describe('stocktakes through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  beforeEach(async () => {
    app = await start({ clock });
    shop = await sampleShop(app.uow, app.actor);
  });

  async function plan(client: TestClient, more: Record<string, string> = {}): Promise<string> {
    const made = await client.post('/inventory/stocktakes', { locationId: shop.locationId, note: '月底', ...more });
    expect(made.status).to.equal(303);
    return String(made.headers['location']);
  }
  async function press(client: TestClient, page: string, verb: string): Promise<void> {
    const html = (await client.get(page).expect(200)).text;
    const sent = await client.post(`${page}/${verb}`, hiddenOf(html, `${page}/${verb}`));
    expect(sent.status, sent.text.slice(0, 400)).to.equal(303);
  }
  const scan = async (client: TestClient, page: string, ...codes: string[]) => {
    const answer = await client.postJson(`${page}/scans`, {
      scans: codes.map((code, index) => ({ key: `k${index}-${code}`, code })),
    });
    expect(answer.status).to.equal(200);
    return answer.body as { results: { outcome: string; text: string }[]; tally: object; progress?: object };
  };

  it('goes from the plan over scanning, pasting and counting to the posted differences and back', async () => {
    const page = await plan(app);
    expect((await app.get(`${page}/print`)).status, 'not begun').to.equal(409);
    await press(app, page, 'start');
    const sheet = (await app.get(`${page}/print`).expect(200)).text;
    expect(sheet)
      .to.include('盘点表')
      .and.match(/CD67<\/td><td>可售<\/td><td class="num">10<\/td><td class="num"><\/td>/);
    const { results, tally, progress } = await scan(app, page, imeiOf(0), imeiOf(0), imeiOf(50), imeiOf(99));
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['right', 'double', 'wrong', 'wrong']);
    expect(results[2]?.text).to.include('账上在');
    expect(tally).to.deep.equal({ right: 1, double: 1, wrong: 2 });
    expect(progress).to.deep.equal({ done: 2, total: 5 });
    const key = /pasted\?key=([\w-]+)/.exec((await app.get(page).expect(200)).text)?.[1] ?? '';
    const pasted = { codes: `${imeiOf(1)}\n${imeiOf(2)}\n不是串号12\n` };
    expect((await app.post(`${page}/pasted?key=${key}`, pasted)).text).to.include('相符 2，重复 0，有问题 1');
    expect((await app.post(`${page}/pasted?key=${key}`, pasted)).text, 'sent twice').to.include(
      '相符 2，重复 0，有问题 1',
    );
    const [goods] = await app.database.read.find(stocktakeGoods, {});
    const wrong = await app.post(`${page}/goods`, {
      'goods.0.id': goods?.id ?? 0,
      'goods.0.version': 1,
      'goods.0.pieces': '九件',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="九件"').and.include('请填整数件数');
    const counted = { 'goods.0.id': goods?.id ?? 0, 'goods.0.version': 1, 'goods.0.pieces': '9' };
    expect((await app.post(`${page}/goods`, counted)).status).to.equal(303);
    expect((await app.get(page)).text).to.not.include('stocktake-devices');
    await press(app, page, 'finish');
    expect((await app.get(page)).text).to.match(/账面 \d+ 台，找到 \d+ 台。/);
    const missing = (await app.get(`${page}/devices?view=missing`).expect(200)).text;
    for (const index of [3, 4]) expect(missing).to.include(imeiOf(index));
    const rows = [...missing.matchAll(/name="ids" value="(\d+)"/g)].map(([, id]) => id ?? '');
    expect(rows).to.have.length(2);
    expect((await app.post(`${page}/devices/kept`, { ids: [rows[1] ?? ''] })).status).to.equal(303);
    expect((await app.get(`${page}/devices?view=unexpected`).expect(200)).text).to.include(imeiOf(99));
    for (const view of ['matched', 'moved']) await app.get(`${page}/devices?view=${view}`).expect(200);
    expect((await app.get(`${page}/goods?view=different`).expect(200)).text).to.include('−1');
    for (const list of [`${page}/devices.xlsx?view=missing`, `${page}/goods.xlsx`, '/inventory/stocktakes.xlsx'])
      await app.get(list).expect(200);
    const draft = (await app.get(`${page}/print`).expect(200)).text;
    expect(draft).to.include('盘点报告').and.include('注销，记盘亏').and.include('暂不处理').and.include(imeiOf(99));
    expect(draft, 'with where the books have it').to.include('(河西店 ');
    const ask = (await app.get(`${page}/posting`).expect(200)).text;
    expect(ask).to.include('1 台手机注销').and.include('1 台手机收进');
    const fields = hiddenOf(ask, `${page}/posting`);
    expect((await app.post(`${page}/posting`, fields)).status).to.equal(303);
    expect((await app.post(`${page}/posting`, fields)).status, 'pressed twice').to.equal(303);
    const ids = shop.devices.map(({ id }) => id);
    const states = await Promise.all(ids.map(async (id) => (await app.database.read.get(device, id))?.state));
    expect(states.filter((state) => state === 'missing')).to.have.length(1);
    expect((await app.get(`/inventory/movements`).expect(200)).text).to.include('盘点单');
    const report = (await app.get(`${page}/print`).expect(200)).text;
    expect(report)
      .to.include('已注销')
      .and.include('已处理')
      .and.include('监盘人')
      .and.match(/盘盈金额|盘亏金额/);
    const blind = await app.as({ permissions: ['inventory.stocktake.view'], stores: [shop.storeId] });
    expect((await blind.get(`${page}/print`).expect(200)).text).not.to.match(/盘盈金额|盘亏金额/);
    const elsewhere = await app.as({ permissions: ['inventory.stocktake.view'], stores: [shop.otherStoreId] });
    expect((await elsewhere.get(`${page}/print`)).status).to.equal(404);
    const gone = ids[states.indexOf('missing')];
    expect((await app.get(`/inventory/devices/${gone}`).expect(200)).text).to.include('盘亏注销');
    const reversal = hiddenOf((await app.get(`${page}/reversal`).expect(200)).text, `${page}/reversal`);
    expect((await app.post(`${page}/reversal`, reversal)).status).to.equal(303);
    expect((await app.get(page).expect(200)).text).to.include('已红冲');
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('says beside the difference of goods counted in parts what moved meanwhile', async () => {
    const page = await plan(app);
    await press(app, page, 'start');
    await scan(app, page, 'CD67');
    await postSale(app.uow, app.actor, {
      registerId: shop.registerId,
      lines: [{ skuId: shop.chargerSkuId, quantity: 2, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 29_800 }],
    });
    const again = await app.postJson(`${page}/scans`, { scans: [{ key: 'later', code: 'CD67' }] });
    expect(again.status).to.equal(200);
    await press(app, page, 'finish');
    expect((await app.get(page).expect(200)).text).to.include('1 种有差异的配件分几次清点');
    expect((await app.get(`${page}/goods?view=different`).expect(200)).text).to.include('清点期间进出 2 件');
    const english = await app.as({ locale: 'en' });
    expect((await english.get(page).expect(200)).text).to.include('counted in parts');
  });

  it('freezes what is counted, and takes its differences through their approval', async () => {
    await setApprovalLevels(app.uow, [{ name: '店长审批', fromFen: 0, role: null }], stockApprovalConfiguration);
    const page = await plan(app, { frozen: '1' });
    await press(app, page, 'start');
    expect((await app.get(page).expect(200)).text)
      .to.include('盘点的货已冻结')
      .and.include('冻结，不能收发');
    await scan(app, page, ...[0, 1, 2, 3].map(imeiOf));
    await press(app, page, 'finish');
    const shown = (await app.get(page).expect(200)).text;
    expect(shown).to.include('提交审批').and.include('3,900.04').and.not.include('>过账差异<');
    await press(app, page, 'submission');
    expect((await app.get('/inventory/stocktakes?state=submitted').expect(200)).text).to.include(page);
    const may = ['inventory.stocktake.view', 'inventory.change.approve', 'reporting.dashboard.view'];
    const other = await app.as({ permissions: may, stores: [shop.storeId], name: '审批人' });
    expect((await other.get('/alerts').expect(200)).text).to.include('张盘点的差异等你审批');
    expect((await other.get(page).expect(200)).text).to.not.include('3,900.04');
    const back = `${page}/sending-back`;
    const hidden = hiddenOf((await other.get(back).expect(200)).text, back);
    expect((await other.post(back, { ...hidden, reason: '' })).status).to.equal(422);
    expect((await other.post(back, { ...hidden, reason: '再找一遍' })).status).to.equal(303);
    expect((await app.get(page).expect(200)).text).to.include('退回：再找一遍');
    await press(app, page, 'submission');
    await press(app, page, 'withdrawal');
    await press(app, page, 'submission');
    await press(other, page, 'approval');
    const ready = (await app.get(page).expect(200)).text;
    expect(ready).to.include('批准：店长审批').and.include('过账差异');
    const ask = (await app.get(`${page}/posting`).expect(200)).text;
    expect((await app.post(`${page}/posting`, hiddenOf(ask, `${page}/posting`))).status).to.equal(303);
    expect((await app.get(page).expect(200)).text)
      .to.include('已过账')
      .and.not.include('盘点的货已冻结');
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('proposes what is due, makes the stocktake of it in one step, and shows what is left', async () => {
    const path = '/inventory/stocktakes/cycle';
    expect((await app.get('/inventory/stocktakes').expect(200)).text).to.include(path);
    const shown = (await app.get(`${path}?location=${shop.locationId}`).expect(200)).text;
    expect(shown).to.include('从未盘过').and.include('CD67').and.include('建立今天的盘点单');
    await app.get(`${path}.xlsx?location=${shop.locationId}&state=all`).expect(200);
    const made = await app.post(path, { ...hiddenOf(shown, path), locationId: shop.locationId });
    expect(made.status).to.equal(303);
    expect((await app.get(String(made.headers['location'])).expect(200)).text).to.include('循环盘点');
    expect((await app.get(`${path}?location=${shop.locationId}&state=all`)).text).to.include('正在盘');
    const twice = await app.post(path, { locationId: shop.locationId });
    expect(twice.status).to.equal(422);
    expect(twice.text).to.include('没有到期要盘的商品');
    const viewer = await app.as({ permissions: ['inventory.stocktake.view'], stores: [shop.storeId] });
    await viewer.get(path).expect(403);
    const other = await app.as({ permissions: ['inventory.stocktake.plan'], stores: [shop.otherStoreId] });
    expect((await other.get(`${path}?location=${shop.locationId}`).expect(200)).text).to.not.include('CD67');
    expect((await other.post(path, { locationId: shop.locationId })).status).to.equal(403);
  });

  it('keeps what was typed, and says what is wrong with a plan', async () => {
    const wrong = await app.post('/inventory/stocktakes', {
      locationId: shop.locationId,
      skus: 'MI17-01\nNO-SUCH-1',
      note: '只盘小米',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('NO-SUCH-1').and.include('只盘小米').and.include('找不到商品');
    expect(await app.database.read.find(stocktake, {})).to.deep.equal([]);
    const page = await plan(app, { skus: 'CD67' });
    expect((await app.get(page).expect(200)).text).to.include('还没有开始');
  });

  it('counts one category and brand, and finds a handset in the lists by the end of its number', async () => {
    const kind = await app.database.read.one<{ categoryId: number; brandId: number }>(
      sql`SELECT p.category_id, p.brand_id FROM sku s JOIN product p ON p.id = s.product_id WHERE s.id = ${shop.phoneSkuIds[0]}`,
    );
    const page = await plan(app, { category: String(kind?.categoryId), brand: String(kind?.brandId) });
    await press(app, page, 'start');
    expect((await scan(app, page, imeiOf(0), 'CD67')).progress).to.deep.equal({ done: 1, total: 5 });
    const found = (await app.get(`${page}/devices?view=missing&q=${imeiOf(3).slice(-6)}`).expect(200)).text;
    expect(found).to.include(imeiOf(3)).and.not.include(imeiOf(4));
    expect((await app.get(`${page}/devices?view=missing&q=小米`).expect(200)).text).to.include(imeiOf(4));
    expect((await app.get(`${page}/goods?view=uncounted&q=CD`).expect(200)).text).to.include('没有');
  });

  it('hides the books of a blind count from those who only count, and cost from all without the right', async () => {
    const page = await plan(app, { blind: '1' });
    await press(app, page, 'start');
    const counter = await app.as({ permissions: right('view', 'count'), stores: [shop.storeId] });
    const html = (await counter.get(page).expect(200)).text;
    expect(html).to.include('这是盲盘').and.not.include('账面台数');
    for (const hidden of ['devices?view=missing', 'devices.xlsx', 'goods.xlsx'])
      await counter.get(`${page}/${hidden}`).expect(403);
    expect((await counter.get(`${page}/goods`).expect(200)).text).not.to.include('账面 10');
    const { results, progress } = await scan(counter, page, imeiOf(50));
    expect(progress).to.equal(undefined);
    expect(results[0]?.text).to.include('已记下').and.not.include('账上');
    await press(app, page, 'finish');
    expect((await counter.get(`${page}/devices?view=missing`).expect(200)).text)
      .to.include(imeiOf(0))
      .and.not.include('3,900.00');
    const cost = await app.as({ permissions: [...right('view'), COST_PERMISSION], stores: [shop.storeId] });
    expect((await cost.get(`${page}/devices?view=missing`).expect(200)).text).to.include('3,900.00');
    await counter.get(`${page}/posting`).expect(403);
    expect((await counter.post(`${page}/posting`, { version: 1 })).status).to.equal(403);
    const stranger = await app.as({ permissions: right('view', 'count', 'post'), stores: [shop.otherStoreId] });
    for (const address of [page, `${page}/devices`, `${page}/goods`]) await stranger.get(address).expect(404);
    const other = await stranger.postJson(`${page}/scans`, { scans: [{ key: 'a', code: imeiOf(0) }] });
    expect(other.status).to.equal(403);
  });
});
