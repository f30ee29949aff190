import type { KeyRing } from '../../platform/crypto';
import { addBrand, addCategory, addProducts, addSkus, type NewSku } from '../../modules/catalog';
import { ensureCustomer } from '../../modules/crm';
import { addDepartment, addLocation, addStaff, addStore, writeCompany } from '../../modules/organization';
import { setPrices } from '../../modules/pricing';
import { addSupplier } from '../../modules/purchasing';
import { saveRegister } from '../../modules/sales';
import { addUser, ensureReadyRoles, role } from '../../platform/auth';
import { chunked } from '../../platform/database';
import { type Actor, systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import type { UnitOfWork } from '../../platform/unit-of-work';
import { modules } from '../modules';
import { SYSTEM_PERMISSIONS } from '../system/system.module';
import { GOODS, SERVICES } from './goods';
import { GIVEN_NAMES, STAFF, STORES, SUPPLIERS, SURNAMES } from './people';
import type { PhoneModel } from './phone-model';
import { PHONES } from './phones';
import type { Random } from './random';

export interface DemoStore {
  id: number;
  code: string;
  name: string;
  locationId: number;
  registerId: number;
  weight: number;
  /** Those who sell there. */
  sellers: Actor[];
  manager: Actor;
}

export interface DemoPhone {
  skuId: number;
  model: PhoneModel;
  priceFen: number;
  /** With tax, as suppliers invoice it. */
  costFen: number;
}

export interface DemoGoods {
  skuId: number;
  brand: string;
  priceFen: number;
  costFen: number;
}

export interface DemoCompany {
  stores: DemoStore[];
  phones: DemoPhone[];
  goods: DemoGoods[];
  services: { skuId: number; priceFen: number }[];
  suppliers: { id: number; brands: readonly string[] }[];
  customerIds: number[];
  buyer: Actor;
  accountant: Actor;
  owner: Actor;
}

const TAX_BP = 1300;
const CUSTOMERS_A_UNIT = 500;
const yuan = (amount: number): number => Math.round(amount * 100);
/** Net cost as a share of the net price, with tax again: what stands on a supplier's delivery note. */
const costOf = (priceFen: number, percent: number): number => Math.round((priceFen * percent) / 100 / 100) * 100;

/** Stores, people, goods, prices, suppliers and customers of the sample company, through the modules' own use cases. */
export async function foundCompany(
  services: Services,
  uow: UnitOfWork,
  random: Random,
  customers: number,
): Promise<DemoCompany> {
  const system = systemActor('demo');
  await uow.run(system, (unit) =>
    writeCompany(unit, {
      name: '江苏示例通讯连锁有限公司',
      phone: '02588880000',
      address: '南京市秦淮区中山东路 1 号',
      timeZone: services.timeZone,
    }),
  );
  const { stores, ...actors } = await staff(uow, system, services.keys);
  const catalog = await goods(uow, system);
  const suppliers = await uow.run(system, async (unit) => {
    const made = [];
    for (const { brands, ...supplier } of SUPPLIERS)
      made.push({ id: await addSupplier(unit, services.keys, supplier), brands });
    return made;
  });
  const people = Array.from({ length: customers }, (_, n) => ({
    name: `${random.pick(SURNAMES)}${random.pick(GIVEN_NAMES)}`,
    // 170 0000 … is a range that carriers do not give to people.
    phone: `1700000${String(n).padStart(4, '0')}`,
    consent: random.chance(70),
  }));
  const customerIds: number[] = [];
  for (const part of chunked(people, CUSTOMERS_A_UNIT))
    customerIds.push(
      ...(await uow.run(system, async (unit) => {
        const ids: number[] = [];
        for (const one of part) ids.push((await ensureCustomer(unit, services.keys, one)).id);
        return ids;
      })),
    );
  return { stores, ...actors, suppliers, customerIds, ...catalog };
}

async function staff(
  uow: UnitOfWork,
  system: Actor,
  keys: KeyRing,
): Promise<Pick<DemoCompany, 'stores' | 'buyer' | 'accountant' | 'owner'>> {
  await ensureReadyRoles(uow, [...modules, { permissions: SYSTEM_PERMISSIONS }]);
  const { actors, stores } = await uow.run(system, async (unit) => {
    // Made inside: the unit may run again.
    const actors: Actor[] = [];
    const stores: Omit<DemoStore, 'registerId' | 'sellers' | 'manager'>[] = [];
    for (const { weight, ...store } of STORES) {
      const { id, defaultLocationId } = await addStore(unit, store);
      await addLocation(unit, { storeId: id, code: 'SHOW', name: '体验台' });
      await addLocation(unit, { storeId: id, code: 'BAD', name: '不良仓' });
      stores.push({ id, code: store.code, name: store.name, locationId: defaultLocationId, weight });
    }
    const sales = await addDepartment(unit, '门店运营');
    const office = await addDepartment(unit, '总部');
    const roles = new Map((await unit.find(role, {})).map((row) => [row.code, row.id]));
    for (const [index, { name, login, role: code, store, job }] of STAFF.entries()) {
      const storeId = store === null ? null : (stores[store]?.id ?? null);
      const staffId = await addStaff(unit, keys, {
        code: `E${String(index + 1).padStart(3, '0')}`,
        name,
        storeId,
        departmentId: storeId === null ? office : sales,
        jobTitle: job,
      });
      const roleId = roles.get(code);
      if (roleId === undefined) throw new Error(`no ready-made role ${code}`);
      const { userId } = await addUser(unit, { login, name, staffId, locale: 'zh-CN', grants: [{ roleId, storeId }] });
      actors.push({ kind: 'user', userId, name, staffId, locale: 'zh-CN', scope: () => 'all' });
    }
    return { actors, stores };
  });
  const at = (store: number, roles: readonly string[]): Actor[] =>
    actors.filter((_, index) => STAFF[index]?.store === store && roles.includes(STAFF[index]?.role ?? ''));
  const withTills: DemoStore[] = [];
  for (const [index, store] of stores.entries()) {
    const { registerId } = await saveRegister(uow, system, {
      id: null,
      storeId: store.id,
      code: `${store.code}-1`,
      name: '1 号机',
      active: true,
      version: null,
    });
    await saveRegister(uow, system, {
      id: null,
      storeId: store.id,
      code: `${store.code}-2`,
      name: '2 号机',
      active: true,
      version: null,
    });
    const [manager] = at(index, ['manager']);
    if (!manager) throw new Error(`${store.name} has no manager`);
    withTills.push({ ...store, registerId, manager, sellers: at(index, ['cashier', 'clerk', 'manager']) });
  }
  const who = (code: string): Actor => {
    const found = actors[STAFF.findIndex(({ role: their }) => their === code)];
    if (!found) throw new Error(`nobody is ${code}`);
    return found;
  };
  return { stores: withTills, buyer: who('buyer'), accountant: who('accountant'), owner: who('owner') };
}

async function goods(uow: UnitOfWork, system: Actor): Promise<Pick<DemoCompany, 'phones' | 'goods' | 'services'>> {
  return uow.run(system, async (unit) => {
    const brands = new Map<string, number>();
    for (const name of new Set([...PHONES, ...GOODS].map(({ brand }) => brand)))
      brands.set(name, await addBrand(unit, { name }));
    const brandId = (name: string): number => brands.get(name) ?? 0;
    const phones = await addCategory(unit, { name: '手机', taxRateBp: TAX_BP, tracking: 'serial' });
    const accessories = await addCategory(unit, { name: '配件', taxRateBp: TAX_BP, tracking: 'plain' });
    const kinds = new Map<string, number>();
    for (const name of new Set(GOODS.map(({ category }) => category)))
      kinds.set(name, await addCategory(unit, { name, parentId: accessories, taxRateBp: TAX_BP, tracking: 'plain' }));
    const care = await addCategory(unit, { name: '服务', taxRateBp: 600, tracking: 'service' });

    const productIds = await addProducts(unit, [
      ...PHONES.map(({ brand, name }) => ({ brandId: brandId(brand), categoryId: phones, name, warrantyMonths: 12 })),
      ...GOODS.map(({ brand, name, category }) => ({
        brandId: brandId(brand),
        categoryId: kinds.get(category) ?? accessories,
        name: brand === '通用' ? name : `${brand} ${name}`,
      })),
      ...SERVICES.map(({ name }) => ({
        brandId: brandId('通用'),
        categoryId: care,
        name,
        tracking: 'service' as const,
      })),
    ]);
    const productId = (place: number): number => productIds[place] ?? 0;
    const phoneSkus = PHONES.flatMap((model, place) =>
      model.variants.flatMap(([memory, priceYuan]) =>
        model.colours.map((colour) => ({
          model,
          priceFen: yuan(priceYuan),
          sku: { productId: productId(place), memory, colour } satisfies NewSku,
        })),
      ),
    );
    const goodsSkus = GOODS.map((item, n) => ({
      item,
      sku: {
        productId: productId(PHONES.length + n),
        barcodes: [
          ean13(
            `690${String(1_000_000 + n * 7919)
              .slice(0, 9)
              .padStart(9, '0')}`,
          ),
        ],
      } satisfies NewSku,
    }));
    const serviceSkus = SERVICES.map((item, n) => ({
      item,
      sku: { productId: productId(PHONES.length + GOODS.length + n) } satisfies NewSku,
    }));
    const skuIds = await addSkus(
      unit,
      [...phoneSkus, ...goodsSkus, ...serviceSkus].map(({ sku }) => sku),
    );
    const skuId = (place: number): number => skuIds[place] ?? 0;

    const phoneRows = phoneSkus.map(({ model, priceFen }, n) => ({
      skuId: skuId(n),
      model,
      priceFen,
      costFen: costOf(priceFen, model.costPercent),
    }));
    const goodsRows = goodsSkus.map(({ item }, n) => ({
      skuId: skuId(phoneSkus.length + n),
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
        ...serviceRows.map((row) => ({ skuId: row.skuId, priceFen: row.priceFen })),
      ],
    });
    return { phones: phoneRows, goods: goodsRows, services: serviceRows };
  });
}

function ean13(body12: string): string {
  const sum = [...body12].reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return `${body12}${(10 - (sum % 10)) % 10}`;
}
