import type { KeyRing } from '../../platform/crypto';
import { ensureCustomer } from '../../modules/crm';
import { addDepartment, addLocation, addStaff, addStore, writeCompany } from '../../modules/organization';
import { addSupplier } from '../../modules/purchasing';
import { saveRegister } from '../../modules/sales';
import { addUser, ensureReadyRoles, role } from '../../platform/auth';
import { chunked } from '../../platform/database';
import { type Actor, systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import type { UnitOfWork } from '../../platform/unit-of-work';
import { modules } from '../modules';
import { SYSTEM_PERMISSIONS } from '../system/system.module';
import type { Goods, Keeps } from './goods';
import { fillCatalog } from './catalog';
import { GIVEN_NAMES, STAFF, STORES, SUPPLIERS, SURNAMES } from './people';
import type { PhoneModel } from './phone-model';
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
  /** What stands on its label. */
  barcode: string;
  category: Goods['category'];
  brand: string;
  priceFen: number;
  costFen: number;
  /** Null: not kept by batch. */
  keeps: Keeps | null;
}

export interface DemoCatalog {
  phones: DemoPhone[];
  /** Bought used, tested, and sold at a price of their own. */
  usedPhones: DemoPhone[];
  goods: DemoGoods[];
  services: { skuId: number; priceFen: number }[];
  brandIds: ReadonlyMap<string, number>;
  phoneCategoryId: number;
}

export interface DemoCompany extends DemoCatalog {
  stores: DemoStore[];
  suppliers: { id: number; brands: readonly string[] }[];
  /** Sells used phones. */
  usedSupplierId: number;
  customerIds: number[];
  buyer: Actor;
  accountant: Actor;
  owner: Actor;
}

const CUSTOMERS_A_UNIT = 500;

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
  const catalog = await fillCatalog(uow, system);
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
  const usedSupplierId = suppliers.find(({ brands }) => brands.length === 0)?.id ?? 0;
  return { stores, ...actors, suppliers, usedSupplierId, customerIds, ...catalog };
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
