import { addBrand, addCategory, addProducts, addSkus, type NewSku } from '../../modules/catalog';
import { setPrices } from '../../modules/pricing';
import type { Actor } from '../../platform/permissions';
import type { UnitOfWork } from '../../platform/unit-of-work';
import type { DemoCatalog, DemoPhone } from './company';
import { GOODS, SERVICES } from './goods';
import type { PhoneModel } from './phone-model';
import { PHONES } from './phones';
import { USED_PHONES } from './used-phones';

const TAX_BP = 1300;
const yuan = (amount: number): number => Math.round(amount * 100);
/** Net cost as a share of the net price, with tax again: what stands on a supplier's delivery note. */
const costOf = (priceFen: number, percent: number): number => Math.round((priceFen * percent) / 100 / 100) * 100;

/** Products, what suppliers ask and what the stores ask for them. */
export async function fillCatalog(uow: UnitOfWork, system: Actor): Promise<DemoCatalog> {
  return uow.run(system, async (unit) => {
    const brands = new Map<string, number>();
    for (const name of new Set([...PHONES, ...USED_PHONES, ...GOODS].map(({ brand }) => brand)))
      brands.set(name, await addBrand(unit, { name }));
    const brandId = (name: string): number => brands.get(name) ?? 0;
    const phones = await addCategory(unit, { name: '手机', taxRateBp: TAX_BP, tracking: 'serial' });
    const used = await addCategory(unit, { name: '二手手机', taxRateBp: TAX_BP, tracking: 'serial' });
    const accessories = await addCategory(unit, { name: '配件', taxRateBp: TAX_BP, tracking: 'plain' });
    const kinds = new Map<string, number>();
    for (const name of new Set(GOODS.map(({ category }) => category)))
      kinds.set(name, await addCategory(unit, { name, parentId: accessories, taxRateBp: TAX_BP, tracking: 'plain' }));
    const care = await addCategory(unit, { name: '服务', taxRateBp: 600, tracking: 'service' });

    const productIds = await addProducts(unit, [
      ...PHONES.map(({ brand, name }) => ({ brandId: brandId(brand), categoryId: phones, name, warrantyMonths: 12 })),
      ...GOODS.map(({ brand, name, category, keeps }) => ({
        brandId: brandId(brand),
        categoryId: kinds.get(category) ?? accessories,
        name: brand === '通用' ? name : `${brand} ${name}`,
        ...(keeps && { tracking: 'batch' as const }),
      })),
      ...SERVICES.map(({ name }) => ({
        brandId: brandId('通用'),
        categoryId: care,
        name,
        tracking: 'service' as const,
      })),
      ...USED_PHONES.map(({ brand, name }) => ({ brandId: brandId(brand), categoryId: used, name, warrantyMonths: 3 })),
    ]);
    const productId = (place: number): number => productIds[place] ?? 0;
    const variantsOf = (models: readonly PhoneModel[], first: number) =>
      models.flatMap((model, place) =>
        model.variants.flatMap(([memory, priceYuan]) =>
          model.colours.map((colour) => ({
            model,
            priceFen: yuan(priceYuan),
            sku: { productId: productId(first + place), memory, colour } satisfies NewSku,
          })),
        ),
      );
    const phoneSkus = variantsOf(PHONES, 0);
    const usedSkus = variantsOf(USED_PHONES, PHONES.length + GOODS.length + SERVICES.length);
    const goodsSkus = GOODS.map((item, n) => {
      const barcode = ean13(
        `690${String(1_000_000 + n * 7919)
          .slice(0, 9)
          .padStart(9, '0')}`,
      );
      return { item, barcode, sku: { productId: productId(PHONES.length + n), barcodes: [barcode] } satisfies NewSku };
    });
    const serviceSkus = SERVICES.map((item, n) => ({
      item,
      sku: { productId: productId(PHONES.length + GOODS.length + n) } satisfies NewSku,
    }));
    const skuIds = await addSkus(
      unit,
      [...phoneSkus, ...goodsSkus, ...serviceSkus, ...usedSkus].map(({ sku }) => sku),
    );
    const skuId = (place: number): number => skuIds[place] ?? 0;

    const rowsOf = (skus: typeof phoneSkus, first: number): DemoPhone[] =>
      skus.map(({ model, priceFen }, n) => ({
        skuId: skuId(first + n),
        model,
        priceFen,
        costFen: costOf(priceFen, model.costPercent),
      }));
    const phoneRows = rowsOf(phoneSkus, 0);
    const usedRows = rowsOf(usedSkus, phoneSkus.length + goodsSkus.length + serviceSkus.length);
    const goodsRows = goodsSkus.map(({ item, barcode }, n) => ({
      skuId: skuId(phoneSkus.length + n),
      barcode,
      category: item.category,
      keeps: item.keeps ?? null,
      brand: item.brand,
      priceFen: yuan(item.priceYuan),
      costFen: costOf(yuan(item.priceYuan), item.costPercent),
    }));
    const serviceRows = serviceSkus.map(({ item }, n) => ({
      skuId: skuId(phoneSkus.length + goodsSkus.length + n),
      priceFen: yuan(item.priceYuan),
    }));
    await setPrices(unit, {
      items: [
        ...phoneRows.map((row) => ({
          skuId: row.skuId,
          priceFen: row.priceFen,
          floorFen: Math.round((row.priceFen * 96) / 10_000) * 100,
        })),
        ...goodsRows.map((row) => ({
          skuId: row.skuId,
          priceFen: row.priceFen,
          floorFen: Math.round((row.priceFen * 80) / 10_000) * 100,
        })),
        ...[...serviceRows, ...usedRows].map((row) => ({ skuId: row.skuId, priceFen: row.priceFen })),
      ],
    });
    return {
      phones: phoneRows,
      usedPhones: usedRows,
      goods: goodsRows,
      services: serviceRows,
      brandIds: brands,
      phoneCategoryId: phones,
    };
  });
}

function ean13(body12: string): string {
  const sum = [...body12].reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return `${body12}${(10 - (sum % 10)) % 10}`;
}
