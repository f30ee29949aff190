import { expect } from 'chai';
import { businessDate } from '../../src/kernel';
import { pricesOf } from '../../src/modules/pricing';
import { testApps, type TestApp } from '../support/http';
import { sampleCatalog } from '../support/sample-catalog';

describe('price pages', () => {
  const start = testApps();

  const open = async () => {
    const app = await start();
    return { app, sample: await sampleCatalog(app.uow) };
  };
  const priceOf = async (app: TestApp, skuId: number, storeId: number | null = null) =>
    (await pricesOf(app.database.read, [skuId], { storeId, at: Date.now() + 1, on: businessDate('2026-11-22') })).get(
      skuId,
    );

  it('save only the rows that were changed', async () => {
    const { app, sample } = await open();
    const [white, black] = sample.phoneSkuIds;
    const shown = await app.get(`/pricing/prices?product=${sample.phoneProductId}`).expect(200);
    expect(shown.text).to.include('value="4499.00"').and.include('value="4599.00"').and.not.include('67W');
    const saved = await app.post('/pricing/prices', {
      back: `/pricing/prices?product=${sample.phoneProductId}`,
      'items.0.skuId': white,
      'items.0.price': '4,399',
      'items.0.wasPrice': '4499.00',
      'items.0.floor': '4299.00',
      'items.0.wasFloor': '4299.00',
      'items.1.skuId': black,
      'items.1.price': '1.00',
      'items.1.wasPrice': '1.00',
      'items.1.floor': '',
      'items.1.wasFloor': '',
    });
    expect(saved.status).to.equal(303);
    expect(saved.headers['location']).to.equal(`/pricing/prices?product=${sample.phoneProductId}`);
    expect(await priceOf(app, white)).to.include({ priceFen: 439_900, floorFen: 429_900 });
    expect(await priceOf(app, black)).to.include({ priceFen: 479_900, floorFen: 459_900 });
    expect((await app.get(`/pricing/skus/${white}`).expect(200)).text)
      .to.include('4,399.00')
      .and.include('4,499.00');
  });

  it('keep what was typed and say what is wrong beside it', async () => {
    const { app, sample } = await open();
    const row = (price: string, floor: string) => ({
      back: '/pricing/prices',
      'items.0.skuId': sample.chargerSkuId,
      'items.0.price': price,
      'items.0.wasPrice': '149.00',
      'items.0.floor': floor,
      'items.0.wasFloor': '',
    });
    const wrong = await app.post('/pricing/prices', row('14o', ''));
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="14o"').and.include('“14o”不是金额').and.include('aria-invalid="true"');
    expect((await app.post('/pricing/prices', row('139', '140'))).text).to.include('最低价比零售价还高');
    expect((await app.post('/pricing/prices', row('-1', ''))).status).to.equal(422);
    expect((await app.post('/pricing/prices', row('99999999999', ''))).status).to.equal(422);
    expect((await priceOf(app, sample.chargerSkuId))?.priceFen).to.equal(14_900);
  });

  it('show no floor to a cashier, and let a manager change the own store only', async () => {
    const { app, sample } = await open();
    const [white] = sample.phoneSkuIds;
    const cashier = await app.as({ permissions: ['pricing.price.view'], stores: [sample.storeId] });
    const seen = await cashier.get('/pricing/prices').expect(200);
    expect(seen.text).to.include('4499.00').and.not.include('4299.00').and.not.include('最低价');
    expect((await cashier.get(`/pricing/skus/${white}`).expect(200)).text).to.not.include('4,299.00');

    const made = await app.post('/pricing/lists', { storeId: sample.storeId });
    expect(made.status).to.equal(303);
    expect((await app.post('/pricing/lists', { storeId: sample.storeId })).status).to.equal(422);
    const list = Number(new URL(made.headers['location'] ?? '', 'http://x').searchParams.get('list'));
    const manager = await app.as({
      permissions: ['pricing.price.view', 'pricing.price.edit'],
      stores: [sample.storeId],
    });
    const change = { 'items.0.skuId': white, 'items.0.price': '4350', 'items.0.wasPrice': '' };
    expect((await manager.post('/pricing/prices', change)).status).to.equal(403);
    expect((await manager.post('/pricing/prices', { ...change, list })).status).to.equal(303);
    expect(await priceOf(app, white, sample.storeId)).to.include({ priceFen: 435_000 });
    expect(await priceOf(app, white, sample.otherStoreId)).to.include({ priceFen: 449_900 });
    const other = await app.as({
      permissions: ['pricing.price.view', 'pricing.price.edit'],
      stores: [sample.otherStoreId],
    });
    expect((await other.post('/pricing/prices', { ...change, list })).status).to.equal(403);
    expect((await other.get('/pricing/prices').expect(200)).text).to.not.include(`list=${list}`);
  });
});
