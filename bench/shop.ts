import { openProduct, type Product } from '../src/app/product';
import { completeImei } from '../src/kernel';
import { addBrand, addCategory, addProducts, addSkus } from '../src/modules/catalog';
import { addStore, addStaff, writeCompany } from '../src/modules/organization';
import { setPrices } from '../src/modules/pricing';
import { addSupplier, receiveGoods } from '../src/modules/purchasing';
import { openShift, type SaleCommand, saveRegister } from '../src/modules/sales';
import { createUser, issueLink, role, setPasswordByLink } from '../src/platform/auth';
import { type Config, loadConfig } from '../src/platform/config';
import { sql } from '../src/platform/database';
import { silentLogger } from '../src/platform/logging';
import { systemActor } from '../src/platform/permissions';
import type { Services } from '../src/platform/services';

// The shop in which sales are measured: four stores with two tills each and a hall with eight tills.

const STORES = 4;
export const TILLS = 8;
const ACCESSORIES = 20;
const ACCESSORY_PIECES = 100_000;
export const PHONE_FEN = 449_900;
export const ACCESSORY_FEN = 4900;
const PASSWORD = 'heron lantern 57';

export interface Seller {
  login: string;
  password: string;
  /** A till of one of the four stores. */
  registerId: number;
  storeId: number;
  /** A till of the hall, where all sellers sell the same goods. */
  hallRegisterId: number;
}

export interface Shop {
  sellers: Seller[];
  manager: { login: string; password: string };
  administrator: { login: string; password: string };
  supplierId: number;
  stores: { id: number; locationId: number }[];
  hall: { id: number; locationId: number };
  phoneSkuId: number;
  accessorySkuIds: number[];
}

export function benchConfig(databaseUrl: string, dataDir: string): Config {
  return loadConfig({
    env: { ERP_DATABASE_URL: databaseUrl, ERP_DATA_DIR: dataDir, ERP_SERVER_PORT: '0', ERP_LOGGING_STDOUT: 'false' },
  });
}

/** Opens the product in this process, on a database that nobody else has open. */
export async function withProduct<T>(
  databaseUrl: string,
  dataDir: string,
  work: (product: Product) => Promise<T>,
): Promise<T> {
  const product = await openProduct(benchConfig(databaseUrl, dataDir), silentLogger());
  try {
    return await work(product);
  } finally {
    await product.close();
  }
}

const actor = systemActor('bench');

/** Stores, tills with open shifts, goods with prices, plenty of accessories, and people who may sign in. */
export async function foundShop(services: Services): Promise<Shop> {
  const { uow } = services;
  const founded = await uow.run(actor, async (unit) => {
    await writeCompany(unit, { name: '测试通讯', phone: '', address: '', timeZone: services.timeZone });
    const stores = [];
    for (let n = 1; n <= STORES + 1; n++) {
      const { id, defaultLocationId } = await addStore(unit, { code: `NJ0${n}`, name: `${n} 号店`, kind: 'store' });
      stores.push({ id, locationId: defaultLocationId });
    }
    const brandId = await addBrand(unit, { name: '小米' });
    const phones = await addCategory(unit, { name: '手机', taxRateBp: 1300, tracking: 'serial' });
    const accessories = await addCategory(unit, { name: '配件', taxRateBp: 1300, tracking: 'plain' });
    const [phone = 0, ...things] = await addProducts(unit, [
      { brandId, categoryId: phones, name: '小米 17', warrantyMonths: 12 },
      ...Array.from({ length: ACCESSORIES }, (_, n) => ({ brandId, categoryId: accessories, name: `保护壳 ${n + 1}` })),
    ]);
    const [phoneSkuId = 0, ...accessorySkuIds] = await addSkus(unit, [
      { productId: phone, memory: '12+256G', colour: '白' },
      ...things.map((productId) => ({ productId })),
    ]);
    await setPrices(unit, {
      items: [
        { skuId: phoneSkuId, priceFen: PHONE_FEN, floorFen: 429_900 },
        ...accessorySkuIds.map((skuId) => ({ skuId, priceFen: ACCESSORY_FEN })),
      ],
    });
    const supplierId = await addSupplier(unit, services.keys, { name: '华盛通讯', category: '国代', paymentDays: 30 });
    const roles = new Map((await unit.find(role, {})).map((row) => [row.code, row.id]));
    return { stores, phoneSkuId, accessorySkuIds, supplierId, roles };
  });
  const { stores, phoneSkuId, accessorySkuIds, supplierId, roles } = founded;
  const hall = stores.at(-1) ?? { id: 0, locationId: 0 };
  const shop: Shop = {
    sellers: [],
    manager: await person(services, 'manager', roles.get('manager') ?? 0),
    administrator: await person(services, 'keeper', roles.get('administrator') ?? 0),
    supplierId,
    stores: stores.slice(0, STORES),
    hall,
    phoneSkuId,
    accessorySkuIds,
  };
  for (let n = 0; n < TILLS; n++) {
    const store = shop.stores[n % STORES] ?? hall;
    shop.sellers.push({
      ...(await person(services, `seller${n + 1}`, roles.get('cashier') ?? 0)),
      registerId: await till(services, store.id, n),
      storeId: store.id,
      hallRegisterId: await till(services, hall.id, n),
    });
  }
  for (const { id, locationId } of stores)
    await receiveGoods(uow, actor, {
      ...receiptOf(services, shop, id, locationId),
      lines: accessorySkuIds.map((skuId) => ({ skuId, quantity: ACCESSORY_PIECES, unitPriceFen: 2000 })),
    });
  return shop;
}

async function person(services: Services, login: string, roleId: number): Promise<{ login: string; password: string }> {
  const staffId = await services.uow.run(actor, (unit) => addStaff(unit, services.keys, { code: login, name: login }));
  const { userId } = await createUser(services.uow, actor, {
    login,
    name: login,
    staffId,
    locale: 'zh-CN',
    grants: [{ roleId, storeId: null }],
  });
  const { token } = await issueLink(services.uow, actor, { userId });
  await setPasswordByLink(services, { address: '127.0.0.1', requestId: 'bench' }, { token, password: PASSWORD });
  return { login, password: PASSWORD };
}

async function till({ uow }: Services, storeId: number, n: number): Promise<number> {
  const { registerId } = await saveRegister(uow, actor, {
    id: null,
    storeId,
    code: `T${n + 1}`,
    name: `${n + 1} 号机`,
    active: true,
    version: null,
  });
  await openShift(uow, actor, { registerId, openingFloatFen: 50_000 });
  return registerId;
}

function receiptOf(services: Services, shop: Shop, storeId: number, locationId: number) {
  return {
    supplierId: shop.supplierId,
    storeId,
    locationId,
    businessDate: new Date(services.clock()).toISOString().slice(0, 10),
    deliveryNote: null,
    withInvoice: false,
    note: null,
  };
}

const PER_RECEIPT = 1000;
const PER_TAC = 1_000_000;

/** The n-th right IMEI of a made-up maker. */
export const imeiOf = (n: number): string =>
  completeImei(`${86742106 + Math.floor(n / PER_TAC)}${String(n % PER_TAC).padStart(6, '0')}`);

/** Handsets for each store (and the hall), received through the use case. */
export async function receiveDevices(
  services: Services,
  shop: Shop,
  perStore: number,
  stores: readonly Shop['hall'][] = [...shop.stores, shop.hall],
): Promise<void> {
  const known = await services.database.read.one<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM device_identifier`,
  );
  let serial = Number(known?.count ?? 0);
  for (const { id, locationId } of stores)
    for (let left = perStore; left > 0; left -= PER_RECEIPT) {
      const devices = Array.from({ length: Math.min(left, PER_RECEIPT) }, () => imeiOf(serial++));
      await receiveGoods(services.uow, actor, {
        ...receiptOf(services, shop, id, locationId),
        lines: [{ skuId: shop.phoneSkuId, quantity: devices.length, unitPriceFen: 390_000, devices }],
      });
    }
}

/** Devices for sale in a store, oldest first. */
export async function sellableDevices({ database }: Services, storeId: number): Promise<number[]> {
  const rows = await database.read.all<{ id: number }>(
    sql`SELECT id FROM device WHERE store_id = ${storeId} AND state = 'in_stock' ORDER BY id`,
  );
  return rows.map(({ id }) => id);
}

/** One handset, two accessories, paid in cash. */
export function saleOf(shop: Shop, registerId: number, deviceId: number, accessories: [number, number]): SaleCommand {
  return {
    registerId,
    lines: [
      { skuId: shop.phoneSkuId, deviceId, quantity: 1, discountFen: 0 },
      ...accessories.map((place) => ({ skuId: shop.accessorySkuIds[place] ?? 0, quantity: 1, discountFen: 0 })),
    ],
    expectedFen: PHONE_FEN + 2 * ACCESSORY_FEN,
    tenders: [{ kind: 'cash', amountFen: 460_000 }],
  };
}
