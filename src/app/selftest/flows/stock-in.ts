import { type BusinessDate, isDomainError } from '../../../kernel';
import { type OpeningLine, postOpeningStock } from '../../../modules/inventory';
import { receiveGoods } from '../../../modules/purchasing';
import { actor, type Bench, type SelfTestFlow, stock, stockOf, words } from '../bench';
import { imei } from './goods';

/** One line of goods without numbers of their own, at a value without tax. */
export const openingLine = (
  { shop }: Pick<Bench, 'shop'>,
  goods: Pick<OpeningLine, 'skuId' | 'quantity' | 'valueFen' | 'receivedOn'>,
): OpeningLine => ({
  lineNo: 1,
  storeId: shop.storeId,
  locationId: shop.locationId,
  identifiers: [],
  makerWarrantyUntil: null,
  ...goods,
});

export const today = ({ services: { uow } }: Bench): Promise<BusinessDate> =>
  uow.run(actor, (unit) => Promise.resolve(unit.today));

export const openingStockFlow: SelfTestFlow = {
  id: 'opening-stock',
  run: async (bench) => {
    const { services, shop, expect } = bench;
    const { storeId, chargerSkuId: skuId } = shop;
    await services.uow.run(actor, (unit) => {
      const line = openingLine(bench, { skuId, quantity: 10, valueFen: 100_000, receivedOn: unit.today });
      return postOpeningStock(unit, { storeId, businessDate: unit.today, lines: [line] });
    });
    expect('stock', words('step.openingStock'), await stockOf(services, skuId), stock(10, 100_000));
  },
};

/** Prices hold 13 % tax: 3390.00 is 3000.00 net, 113.00 is 100.00. */
export const purchaseIn: SelfTestFlow = {
  id: 'purchase-in',
  run: async (bench) => {
    const { services, shop, expect } = bench;
    const { storeId, locationId, supplierId, phoneSkuId, chargerSkuId } = shop;
    const header = { supplierId, storeId, locationId, businessDate: await today(bench), withInvoice: true, note: null };
    const phones = (numbers: readonly string[]) => ({
      skuId: phoneSkuId,
      quantity: numbers.length,
      unitPriceFen: 339_000,
      devices: numbers,
    });
    await receiveGoods(services.uow, actor, {
      ...header,
      deliveryNote: 'ST-1',
      lines: [phones([imei(1), imei(2), imei(3)]), { skuId: chargerSkuId, quantity: 5, unitPriceFen: 11_300 }],
    });
    expect('handsets', words('step.handsetsIn'), await stockOf(services, phoneSkuId), stock(3, 900_000));
    expect('goods', words('step.goodsIn'), await stockOf(services, chargerSkuId), stock(15, 150_000));
    const again = await receiveGoods(services.uow, actor, {
      ...header,
      deliveryNote: 'ST-2',
      lines: [phones([imei(2)])],
    }).catch((error: unknown) => error);
    expect('double', words('step.notTwice'), isDomainError(again), true);
  },
};
