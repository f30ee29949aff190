import { addBrand, addCategory, addProducts, addSkus } from '../../src/modules/catalog';
import { addStore } from '../../src/modules/organization';
import { setPrices } from '../../src/modules/pricing';
import { systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';

export interface SampleCatalog {
  storeId: number;
  locationId: number;
  otherStoreId: number;
  otherLocationId: number;
  brandId: number;
  phoneCategoryId: number;
  accessoryCategoryId: number;
  phoneProductId: number;
  /** 小米 17 12+256G 白, 12+512G 黑: serial. Prices 4499.00 (floor 4299.00) and 4799.00. */
  phoneSkuIds: [number, number];
  /** 67W 充电器: plain, 149.00, no floor, barcode 6934177700019. */
  chargerSkuId: number;
  /** 碎屏险: service, 299.00. */
  insuranceSkuId: number;
}

/** Two stores and a handful of SKUs with prices, for tests of the modules above the catalog. */
export function sampleCatalog(uow: UnitOfWork): Promise<SampleCatalog> {
  return uow.run(systemActor('test'), async (unit) => {
    const first = await addStore(unit, { code: 'NJ01', name: '新街口店', kind: 'store' });
    const second = await addStore(unit, { code: 'NJ02', name: '河西店', kind: 'store' });
    const brandId = await addBrand(unit, { name: '小米' });
    const phoneCategoryId = await addCategory(unit, { name: '手机', taxRateBp: 1300, tracking: 'serial' });
    const accessoryCategoryId = await addCategory(unit, { name: '配件', taxRateBp: 1300, tracking: 'plain' });
    const [phone = 0, charger = 0, insurance = 0] = await addProducts(unit, [
      { brandId, categoryId: phoneCategoryId, name: '小米 17', modelNumber: '25113PN0EC' },
      { brandId, categoryId: accessoryCategoryId, name: '67W 充电器' },
      { brandId, categoryId: accessoryCategoryId, name: '碎屏险', tracking: 'service', taxRateBp: 600 },
    ]);
    const [white = 0, black = 0, chargerSkuId = 0, insuranceSkuId = 0] = await addSkus(unit, [
      { productId: phone, code: 'MI17-01', memory: '12+256G', colour: '白' },
      { productId: phone, code: 'MI17-02', memory: '12+512G', colour: '黑' },
      { productId: charger, code: 'CD67', barcodes: ['6934177700019'] },
      { productId: insurance, code: 'SPX' },
    ]);
    await setPrices(unit, {
      items: [
        { skuId: white, priceFen: 449_900, floorFen: 429_900 },
        { skuId: black, priceFen: 479_900, floorFen: 459_900 },
        { skuId: chargerSkuId, priceFen: 14_900 },
        { skuId: insuranceSkuId, priceFen: 29_900 },
      ],
    });
    return {
      storeId: first.id,
      locationId: first.defaultLocationId,
      otherStoreId: second.id,
      otherLocationId: second.defaultLocationId,
      brandId,
      phoneCategoryId,
      accessoryCategoryId,
      phoneProductId: phone,
      phoneSkuIds: [white, black] as [number, number],
      chargerSkuId,
      insuranceSkuId,
    };
  });
}
