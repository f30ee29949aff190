import { addBrand, addCategory, addProducts, addSkus } from '../../../modules/catalog';
import { addStore } from '../../../modules/organization';
import { setPrices } from '../../../modules/pricing';
import { addSupplier } from '../../../modules/purchasing';
import { saveRegister } from '../../../modules/sales';
import { addUser, role } from '../../../platform/auth';
import { READY_ROLES } from '../../../platform/modules';
import type { Unit } from '../../../platform/unit-of-work';
import { actor, type Bench, type SelfTestFlow, words } from '../bench';

export const masterData: SelfTestFlow = {
  id: 'master-data',
  run: async ({ services: { uow, keys }, shop, expect }: Bench) => {
    await uow.run(actor, async (unit) => {
      const store = await addStore(unit, { code: 'ST01', name: '自检店', kind: 'store' });
      const other = await addStore(unit, { code: 'ST02', name: '自检二店', kind: 'store' });
      Object.assign(shop, { storeId: store.id, locationId: store.defaultLocationId, otherStoreId: other.id });
      Object.assign(shop, await products(unit));
      shop.supplierId = await addSupplier(unit, keys, { name: '自检供应商', category: '国代', paymentDays: 30 });
    });
    const register = { id: null, storeId: shop.storeId, code: '1', name: '1', active: true, version: null };
    shop.registerId = (await saveRegister(uow, actor, register)).registerId;
    const ids = [shop.storeId, shop.otherStoreId, shop.phoneSkuId, shop.chargerSkuId, shop.supplierId, shop.registerId];
    expect('records', words('step.records'), ids.filter(Boolean).length, ids.length);
    shop.users = await uow.run(actor, people(shop.storeId));
    expect('users', words('step.users'), Object.keys(shop.users).length, READY_ROLES.length);
  },
};

async function products(unit: Unit): Promise<{ phoneSkuId: number; chargerSkuId: number }> {
  const brandId = await addBrand(unit, { name: '自检' });
  const phones = await addCategory(unit, { name: '手机', taxRateBp: 1300, tracking: 'serial' });
  const parts = await addCategory(unit, { name: '配件', taxRateBp: 1300, tracking: 'plain' });
  const [phone = 0, charger = 0] = await addProducts(unit, [
    { brandId, categoryId: phones, name: '自检手机' },
    { brandId, categoryId: parts, name: '自检充电器' },
  ]);
  const [phoneSkuId = 0, chargerSkuId = 0] = await addSkus(unit, [
    { productId: phone, code: 'ST-PHONE' },
    { productId: charger, code: 'ST-CHARGER' },
  ]);
  const items = [
    { skuId: phoneSkuId, priceFen: 452_000 },
    { skuId: chargerSkuId, priceFen: 22_600 },
  ];
  await setPrices(unit, { items });
  return { phoneSkuId, chargerSkuId };
}

/** One user for each ready-made role: of the whole company who looks after all of it, of the one store the others. */
const people =
  (storeId: number) =>
  async (unit: Unit): Promise<Record<string, number>> => {
    const users: Record<string, number> = {};
    for (const code of READY_ROLES) {
      const [found] = await unit.find(role, { code });
      const everywhere = ['administrator', 'owner', 'buyer', 'accountant', 'auditor'].includes(code);
      const { userId } = await addUser(unit, {
        login: loginOf(code),
        name: code,
        locale: 'zh-CN',
        grants: [{ roleId: found?.id ?? 0, storeId: everywhere ? null : storeId }],
      });
      users[code] = userId;
    }
    return users;
  };

export const loginOf = (code: string): string => `selftest-${code}`;
