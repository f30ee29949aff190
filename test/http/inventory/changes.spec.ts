import { expect } from 'chai';
import { device, verifyLedger } from '../../../src/ledger';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { stockChange } from '../../../src/modules/inventory/store/change.table';
import { type TestApp, testApps, type TestClient } from '../../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
/** Hidden fields of the form that goes to this address. */
function hiddenOf(html: string, action: string): Record<string, string> {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html)?.[1] ?? '';
  const found = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const { _csrf, ...fields } = Object.fromEntries(found) as Record<string, string>;
  return fields;
}

describe('stock changes through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  beforeEach(async () => {
    app = await start({ clock });
    shop = await sampleShop(app.uow, app.actor);
  });

  const reasonId = async (effect: string) =>
    (await changeReasons(app.database.read)).find((one) => one.effect === effect)?.id ?? 0;
  async function create(client: TestClient, effect: string): Promise<string> {
    const made = await client.post('/inventory/changes', {
      locationId: shop.locationId,
      reasonId: await reasonId(effect),
      note: '橱窗',
    });
    expect(made.status, made.text.slice(0, 300)).to.equal(303);
    return String(made.headers['location']);
  }
  async function press(client: TestClient, page: string, verb: string, from = page): Promise<void> {
    const html = (await client.get(from).expect(200)).text;
    const sent = await client.post(`${page}/${verb}`, hiddenOf(html, `${page}/${verb}`));
    expect(sent.status, sent.text.slice(0, 400)).to.equal(303);
  }

  it('goes from the reason over scanning, pasting and goods to the posted change and back', async () => {
    expect((await app.get('/inventory/changes').expect(200)).text).to.include('这里会列出每一次改库存状态');
    const page = await create(app, 'demo');
    const answer = await app.postJson(`${page}/scans`, {
      scans: [imeiOf(0), imeiOf(0), imeiOf(50)].map((code, index) => ({ key: `k${index}`, code })),
    });
    const { results, tally } = answer.body as { results: { outcome: string; text: string }[]; tally: object };
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['right', 'double', 'wrong']);
    expect(tally).to.deep.equal({ right: 1, double: 1, wrong: 1 });
    const pasted = await app.post(`${page}/pasted`, { codes: `${imeiOf(1)}\n${imeiOf(2)}\n${imeiOf(99)}\n` });
    expect(pasted.text).to.include('加入 2 台，重复 0，有问题 1').and.include('系统里没有');
    const wrong = await app.post(`${page}/goods`, { code: 'CD67', bucket: 'sellable', pieces: '两件', batch: '' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="两件"');
    expect((await app.post(`${page}/goods`, { code: 'CD67', bucket: 'sellable', pieces: '2' })).status).to.equal(303);
    const shown = (await app.get(page).expect(200)).text;
    expect(shown).to.include(imeiOf(2)).and.include('过账 5 件').and.include('手机 3 台，配件 2 件');
    const line = /lines\/removal"[^>]*>.*?name="line" value="(\d+)"/s.exec(shown)?.[1] ?? '';
    expect((await app.post(`${page}/lines/removal`, { line })).status).to.equal(303);
    await press(app, page, 'posting');
    const done = (await app.get(page).expect(200)).text;
    expect(done).to.include('已过账').and.include('红冲').and.not.include('name="codes"');
    for (const path of [`${page}/lines.xlsx`, `${page}/print`, '/inventory/changes.xlsx'])
      await app.get(path).expect(200);
    expect((await app.get(`${page}/print`)).text).to.include('出样陈列');
    const life = (await app.get(`/inventory/devices/${shop.devices[0]?.id}`).expect(200)).text;
    expect(life).to.include('转为样机').and.include('出样陈列');
    expect((await app.get('/inventory/devices?view=demo').expect(200)).text).to.include(imeiOf(0));
    expect((await app.get('/inventory/devices?view=stock&supplier=7')).text).to.not.include(imeiOf(0));
    const found = (await app.get(`/inventory/changes?q=${imeiOf(0).slice(-6)}&effect=demo&from=2026-11-22`)).text;
    expect(found).to.include(page);
    expect((await app.get('/inventory/changes?effect=quarantine')).text).to.not.include(`href="${page}"`);
    expect((await app.get('/inventory/movements').expect(200)).text).to.include('库存变更、调整单');
    await press(app, page, 'reversal', `${page}/reversal`);
    expect((await app.get(page).expect(200)).text).to.include('已红冲');
    expect((await app.database.read.get(device, shop.devices[0]?.id ?? 0))?.bucket).to.equal('sellable');
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('keeps what was typed, names what is wrong, and cancels a draft', async () => {
    const wrong = await app.post('/inventory/changes', { locationId: shop.locationId, reasonId: '', note: '留言' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="留言"');
    const page = await create(app, 'quarantine');
    await press(app, page, 'cancellation', `${page}/cancellation`);
    expect((await app.get(page).expect(200)).text).to.include('已作废');
    expect((await app.get(`${page}/cancellation`)).status).to.equal(303);
  });

  it('shows nothing of other stores, no cost without the right, and only what a reader may do', async () => {
    const page = await create(app, 'defective');
    await app.postJson(`${page}/scans`, { scans: [{ key: 'c1', code: imeiOf(3) }] });
    await press(app, page, 'posting');
    expect((await app.get(page)).text).to.include('3,900.03');
    const viewer = await app.as({ permissions: ['inventory.change.view'], stores: [shop.storeId] });
    const text = (await viewer.get(page).expect(200)).text;
    expect(text).to.not.include('3,900.03').and.not.include('/reversal').and.not.include('成本');
    expect((await viewer.get('/inventory/changes')).text)
      .to.include(page)
      .and.not.include('/inventory/changes/new');
    const draft = await create(app, 'demo');
    expect((await viewer.get(draft).expect(200)).text)
      .to.not.include('name="codes"')
      .and.not.include('/posting');
    expect((await viewer.post(`${draft}/posting`, { version: '1' })).status).to.equal(403);
    const other = await app.as({ permissions: ['inventory.change.view'], stores: [shop.otherStoreId] });
    await other.get(page).expect(404);
    expect((await other.get('/inventory/changes')).text).to.not.include(page);
    expect(await app.database.read.find(stockChange, { state: 'draft' })).to.have.length(1);
  });
});
