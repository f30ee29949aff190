import { expect } from 'chai';
import { saveConfigurationRecord } from '../../src/app/configuration';
import { modules } from '../../src/app/modules';
import { createCustomer } from '../../src/modules/crm';
import { listChannels } from '../../src/modules/organization';
import { changePrices, listLevels } from '../../src/modules/pricing';
import { createList } from '../../src/modules/pricing/use-cases/create-list';
import { saveRegister, sale, saleLine } from '../../src/modules/sales';
import { COST_PERMISSION } from '../../src/platform/permissions';
import { testApps, type TestApp } from '../support/http';
import { sampleShop, type SampleShop } from '../support/sample-shop';

const CHARGER = '6934177700019';
const RULES = '/settings/data/pricing.floorRules';
const CASHIER = ['sales.sale.create', 'sales.sale.view', 'sales.discount.give'];
const MANAGER = [...CASHIER, 'sales.discount.approve', 'pricing.price.view', 'pricing.floor.view'];
const EVERYONE = { storeId: null, channelId: null, levelId: null, fromOn: null, untilOn: null };

describe('price strategies', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  let channelId: number;
  beforeEach(async () => {
    app = await start();
    shop = await sampleShop(app.uow, app.actor);
    channelId = (await listChannels(app.database.read))[0]?.id ?? 0;
  });

  const as = (permissions: readonly string[]) => app.as({ permissions: [...permissions], stores: [shop.storeId] });
  const save = (set: string, name: string, values: Record<string, string | number | null>) =>
    saveConfigurationRecord(app.uow, modules, app.actor, { set, record: { name, active: true, values } });
  const till = (path: string) => `/sales/till/${shop.registerId}/${path}`;
  const list = async (name: string, scope: Partial<typeof EVERYONE> | object, priceFen: number) => {
    const { id } = await createList(app.uow, app.actor, { ...EVERYONE, name, ...scope });
    const items = [{ skuId: shop.chargerSkuId, priceFen }];
    await changePrices(app.uow, app.actor, { priceListId: id, items });
  };
  type Line = { priceFen: number; floorFen: number | null; floorHidden: boolean; priceList: string };
  const scanned = async (who: Pick<TestApp, 'postJson'>, query = ''): Promise<Line> => {
    const answer = await who.postJson(till(`scans${query}`), { scans: [{ key: 'a', code: CHARGER }] });
    return (answer.body as { results: { line: Line }[] }).results[0]?.line as Line;
  };
  const chargers = (discountFen: number, more: object = {}) => ({
    operationKey: `price-test-${discountFen}-${Object.keys(more).length}`,
    customerId: null,
    salespersonId: null,
    expectedFen: 14_900 - discountFen,
    lines: [{ skuId: shop.chargerSkuId, deviceId: null, quantity: 1, discountFen }],
    tenders: [{ kind: 'cash', amountFen: 14_900 - discountFen, reference: null }],
    ...more,
  });

  it('a sold line keeps the list that its price came from, for who may see price lists', async () => {
    await list('线上价', { channelId }, 12_000);
    const clerk = await as(CASHIER);
    const manager = await as(MANAGER);
    const sold = async (amountFen: number, more: object) => {
      const tenders = [{ kind: 'cash', amountFen, reference: null }];
      const answer = await clerk.postJson(till('sales'), chargers(0, { ...more, expectedFen: amountFen, tenders }));
      return (answer.body as { saleId: number }).saleId;
    };
    const online = await sold(12_000, { channelId, operationKey: 'price-source-1' });
    const there = await sold(14_900, { channelId: null, operationKey: 'price-source-2' });
    const [priced] = await app.database.read.find(saleLine, { saleId: online });
    expect(priced).to.include({ priceFrom: 'list' });
    expect((await manager.get(`/sales/sales/${online}`).expect(200)).text).to.include('线上价');
    expect((await manager.get(`/sales/sales/${there}`).expect(200)).text).to.include('标准零售价');
    const clerks = (await clerk.get(`/sales/sales/${online}`).expect(200)).text;
    expect(clerks).to.include('120.00').and.not.include('线上价');
    // Of a version that did not keep it.
    await app.database.dataSource.query('UPDATE sale_line SET price_from = NULL, price_list_id = NULL');
    expect((await manager.get(`/sales/sales/${online}`).expect(200)).text).not.to.include('线上价');
  });

  it('the till sells by a channel at its price, where the till may; the document names it', async () => {
    await list('线上价', { channelId }, 12_000);
    const clerk = await as(CASHIER);
    const page = await clerk.get(`/sales/till?register=${shop.registerId}`).expect(200);
    expect(page.text).to.include('id="till-channel"').and.include('PgDn');
    expect(await scanned(clerk)).to.include({ priceFen: 14_900, priceList: '标准零售价' });
    expect(await scanned(clerk, `?channel=${channelId}`)).to.include({ priceFen: 12_000, priceList: '线上价' });
    const again = await clerk.postJson(till(`prices?channel=${channelId}`), {
      lines: [{ skuId: shop.chargerSkuId, deviceId: null }],
    });
    expect((again.body as { lines: Line[] }).lines[0]?.priceFen).to.equal(12_000);
    const paid = { channelId, expectedFen: 12_000, tenders: [{ kind: 'cash', amountFen: 12_000, reference: null }] };
    const posted = await clerk.postJson(till('sales'), chargers(0, paid));
    expect(posted.status).to.equal(200);
    const { saleId } = posted.body as { saleId: number };
    expect((await app.database.read.get(sale, saleId))?.channelId).to.equal(channelId);
    for (const path of ['', '/receipt'])
      expect((await clerk.get(`/sales/sales/${saleId}${path}`).expect(200)).text).to.match(/渠道.{0,120}线上/s);
    await saveRegister(app.uow, app.actor, {
      id: shop.registerId,
      storeId: shop.storeId,
      code: '1',
      name: '1 号收银机',
      active: true,
      version: null,
      channelIds: [],
    });
    expect((await clerk.get(`/sales/till?register=${shop.registerId}`)).text).not.to.include('id="till-channel"');
    const refused = await clerk.postJson(till('sales'), { ...chargers(0, paid), operationKey: 'price-test-refused' });
    expect([refused.status, refused.text.includes('不能按这个渠道')]).to.eql([422, true]);
  });

  it('a member pays the prices of the level, which only who may sets', async () => {
    await save('pricing.levels', '金卡', { sortOrder: 10 });
    const levelId = (await listLevels(app.database.read))[0]?.id ?? 0;
    await list('金卡价', { levelId }, 11_000);
    const words = { name: '王女士', phone: '13812345678' };
    const { id } = await createCustomer(app.uow, app.actor, app.services.keys, { ...words, levelId });
    const clerk = await as([...CASHIER, 'crm.customer.view', 'crm.customer.edit']);
    expect(await scanned(clerk, `?customer=${id}`)).to.include({ priceFen: 11_000, priceList: '金卡价' });
    const paid = {
      customerId: id,
      expectedFen: 11_000,
      tenders: [{ kind: 'cash', amountFen: 11_000, reference: null }],
    };
    expect((await clerk.postJson(till('sales'), chargers(0, paid))).status).to.equal(200);
    expect((await clerk.get(`/crm/customers/${id}/edit`).expect(200)).text).not.to.include('name="levelId"');
    const own = await clerk.post('/crm/customers', { name: '自己', phone: '13912345678', levelId });
    expect(own.status, 'a clerk gives no level').to.equal(403);
    expect((await app.get(`/crm/customers?level=${levelId}`).expect(200)).text).to.include('王女士');
    expect((await app.get(`/crm/customers/${id}`).expect(200)).text).to.include('金卡');
  });

  it('a floor from cost is shown to who may see cost, holds for all, and is told by no page to others', async () => {
    // 50.00 × 1.1 × 1.13 = 62.15
    await save('pricing.floorRules', '成本加一成', { basis: 'cost', rateBp: 1000 });
    const clerk = await as(CASHIER);
    expect(await scanned(clerk)).to.include({ floorFen: null, floorHidden: true });
    expect(await scanned(await as([...CASHIER, COST_PERMISSION]))).to.include({ floorFen: 6215, floorHidden: false });
    const refused = await clerk.postJson(till('sales'), chargers(8700));
    expect([refused.status, refused.text.includes('62.15')]).to.eql([422, false]);
    expect((await clerk.postJson(till('sales'), chargers(8685))).status).to.equal(200);
    const manager = await as(MANAGER);
    const posted = await manager.postJson(till('sales'), chargers(8701));
    expect(posted.status).to.equal(200);
    const { saleId } = posted.body as { saleId: number };
    const document = (await manager.get(`/sales/sales/${saleId}`).expect(200)).text;
    expect(document).to.include('低于底价').and.not.include('62.15');
    expect((await app.get(`/sales/sales/${saleId}`)).text).to.include('62.15');
    expect((await manager.get('/pricing/prices')).text).not.to.include('62.15');
    expect((await app.get('/pricing/prices')).text).to.include('62.15');
  });

  it('a floor rule shows what it changes before it is saved', async () => {
    const form = await app.get(`${RULES}/new`).expect(200);
    expect(form.text).to.include('看看会改变什么').and.include('小米');
    const field = (html: string, name: string): string =>
      new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? '';
    const typed = {
      name: '让利一成',
      category: '',
      brand: '',
      channel: '',
      basis: 'price',
      rateBp: '10',
      amountFen: '0',
      rounding: 'nine',
    };
    const shown = await app.post(RULES, { ...typed, operationKey: field(form.text, 'operationKey') });
    expect(shown.status).to.equal(200);
    // 149.00 less a tenth, up to the next 9
    expect(/会改变 (\d+) 个商品/.exec(shown.text)?.[1]).to.equal('2');
    expect(shown.text).to.include('139.00').and.include('手工定的');
    expect((await app.get(RULES)).text).not.to.include('让利一成');
    const previewed = {
      'previewed-change': field(shown.text, 'previewed-change'),
      operationKey: field(shown.text, 'operationKey'),
    };
    const other = await app.post(RULES, { ...typed, rateBp: '20', ...previewed });
    expect(other.status, 'something else is shown first').to.equal(200);
    const saved = await app.post(RULES, { ...typed, ...previewed });
    expect([saved.status, saved.headers['location']]).to.eql([303, RULES]);
    expect((await scanned(app)).floorFen).to.equal(13_900);
    expect((await app.get(RULES)).text)
      .to.include('让利一成')
      .and.include('进到尾数 9 元');
    await save('pricing.floorRules', '小米线上', { basis: 'price', rateBp: 500, brand: '小米', channel: '线上' });
    const audited = (await app.get('/administration/audit').expect(200)).text;
    expect(audited)
      .to.match(/最低价规则 小米线上 · .{0,80}品牌 小米.{0,80}渠道 线上/s)
      .and.not.include('brandId');
  });
});
