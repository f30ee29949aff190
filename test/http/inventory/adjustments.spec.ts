import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { stockChange } from '../../../src/modules/inventory/store/change.table';
import { stockApprovalConfiguration } from '../../../src/modules/inventory/use-cases/approval-level-configuration';
import { type TestApp, testApps, type TestClient } from '../../support/http';
import { setApprovalLevels } from '../../support/orders';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(40)]);
const hiddenOf = (html: string, action: string): Record<string, string> => {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html)?.[1] ?? '';
  const found = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(
    found.flatMap(([, name, value]) => (name && name !== '_csrf' ? [[name, value ?? '']] : [])),
  );
};

describe('adjustments and scrap through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  beforeEach(async () => {
    app = await start({ clock });
    shop = await sampleShop(app.uow, app.actor);
  });

  async function create(client: TestClient, effect: string): Promise<string> {
    const reason = (await changeReasons(app.database.read)).find((one) => one.effect === effect);
    const made = await client.post('/inventory/changes', { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
    expect(made.status, made.text.slice(0, 300)).to.equal(303);
    return String(made.headers['location']);
  }
  const scan = (client: TestClient, page: string, ...codes: string[]) =>
    client.post(`${page}/pasted`, { codes: codes.join('\n') });
  async function press(client: TestClient, page: string, verb: string, more: object = {}, from = page): Promise<void> {
    const html = (await client.get(from).expect(200)).text;
    const sent = await client.post(`${page}/${verb}`, { ...hiddenOf(html, `${page}/${verb}`), ...more });
    expect(sent.status, sent.text.slice(0, 400)).to.equal(303);
  }

  it('goes from a photograph over submission, sending back and approval to the posted scrap and its sum', async () => {
    await setApprovalLevels(app.uow, [{ name: '店长审批', fromFen: 0, role: null }], stockApprovalConfiguration);
    const page = await create(app, 'scrap');
    await scan(app, page, imeiOf(0));
    const goods = await app.post(`${page}/goods`, { code: 'CD67', bucket: 'sellable', pieces: '2' });
    expect(goods.status).to.equal(303);
    const photo = { field: 'file', name: '碎屏.png', content: PNG };
    expect((await app.upload(`${page}/attachments`, [photo])).status).to.equal(303);
    const empty = await app.upload(`${page}/attachments`, []);
    expect(empty.text).to.include('请先选文件');
    const shown = (await app.get(page).expect(200)).text;
    expect(shown).to.include('报废单').and.include('提交审批').and.include('碎屏.png').and.include('4,000.00');
    const early = await app.post(`${page}/posting`, {
      version: hiddenOf(shown, `${page}/submission`)['version'] ?? '',
    });
    expect(early.text).to.include('要先审批');
    await press(app, page, 'submission');
    const waiting = (await app.get(page).expect(200)).text;
    expect(waiting).to.include('待审批').and.include('自己提交的不能自己批准').and.not.include('name="codes"');
    const may = [
      'reporting.dashboard.view',
      'inventory.change.view',
      'inventory.change.approve',
      'inventory.cost.view',
    ];
    const other = await app.as({ permissions: may, stores: [shop.storeId], name: '审批人' });
    expect((await other.get('/alerts').expect(200)).text).to.include('张库存调整等你审批');
    const back = `${page}/sending-back`;
    const blank = await other.post(back, { ...hiddenOf((await other.get(back)).text, back), reason: ' ' });
    expect(blank.status).to.equal(422);
    await press(other, page, 'sending-back', { reason: '少照片' }, back);
    expect((await app.get(page).expect(200)).text).to.include('退回：少照片');
    await press(app, page, 'submission');
    await press(app, page, 'withdrawal');
    await press(app, page, 'submission');
    await press(other, page, 'approval');
    expect((await app.get('/inventory/changes?state=approved').expect(200)).text).to.include(page);
    await press(app, page, 'posting');
    const done = (await app.get(page).expect(200)).text;
    expect(done).to.include('已过账').and.include('−4,000.00').and.include('营业外支出');
    expect((await app.get(`${page}/print`).expect(200)).text)
      .to.include('报废单')
      .and.include('审批人')
      .and.include('−4,000.00');
    const sums = (await app.get('/inventory/changes/reasons?from=2026-11-01&to=2026-11-30').expect(200)).text;
    expect(sums).to.include('损毁报废').and.include('−4,000.00');
    await app.get('/inventory/changes/reasons.xlsx').expect(200);
    const life = (await app.get(`/inventory/devices/${shop.devices[0]?.id}`).expect(200)).text;
    expect(life).to.include('损毁报废');
    const removal = /href="([^"]*attachments\/\d+\/removal)"/.exec(shown)?.[1] ?? '';
    await app.get(removal).expect(200);
    const kept = await app.post(removal, {});
    expect(kept.status, 'the evidence of what was posted stays').to.equal(409);
    await press(app, page, 'reversal', {}, `${page}/reversal`);
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('corrects costs, keeping what was typed; finds goods again at a cost', async () => {
    const page = await create(app, 'value');
    await scan(app, page, imeiOf(0), imeiOf(1));
    const wrong = await app.post(`${page}/costs`, { costOf: `sku:${shop.phoneSkuIds[0]}`, costTo: '三千' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="三千"');
    expect((await app.post(`${page}/costs`, { costOf: 'x', costTo: '1' })).status).to.equal(422);
    await app.post(`${page}/costs`, { costOf: `sku:${shop.phoneSkuIds[0]}`, costTo: '3910' });
    expect((await app.post(`${page}/goods`, { code: 'CD67', bucket: 'sellable', unitCost: '' })).status).to.equal(422);
    expect((await app.post(`${page}/goods`, { code: 'CD67', bucket: 'sellable', unitCost: '51' })).status).to.equal(
      303,
    );
    await press(app, page, 'posting');
    expect((await app.get(page)).text).to.include('29.98');
    const found = await create(app, 'gain');
    expect((await app.get(found)).text).to.include('只能找回账上已盘亏');
    await app.post(`${found}/goods`, { code: 'CD67', bucket: 'sellable', pieces: '2', unitCost: '40' });
    await press(app, found, 'posting');
    expect((await app.get(found)).text).to.include('80.00');
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('hides cost without the right in page, list, print and sums; gives no adjustment to who may only change states', async () => {
    const page = await create(app, 'loss');
    await scan(app, page, imeiOf(3));
    await press(app, page, 'posting');
    const viewer = await app.as({
      permissions: ['inventory.change.view', 'inventory.change.status'],
      stores: [shop.storeId],
    });
    for (const path of [page, '/inventory/changes', `${page}/print`, '/inventory/changes/reasons']) {
      const { text } = await viewer.get(path).expect(200);
      expect(text, path).to.not.include('3,900.03').and.not.include('库存金额变动').and.not.include('按成本');
    }
    const form = (await viewer.get('/inventory/changes/new').expect(200)).text;
    expect(form).to.include('出样陈列').and.not.include('丢失被盗');
    const reason = (await changeReasons(app.database.read)).find(({ effect }) => effect === 'loss');
    const refused = await viewer.post('/inventory/changes', { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
    expect(refused.status).to.equal(403);
    expect((await viewer.post(`${page}/approval`, { version: '1' })).status).to.equal(403);
    const other = await app.as({ permissions: ['inventory.change.view'], stores: [shop.otherStoreId] });
    expect((await other.get('/inventory/changes/reasons').expect(200)).text).to.not.include('丢失被盗');
    expect(await app.database.read.find(stockChange, { state: 'posted' })).to.have.length(1);
  });
});
