import { isDomainError } from '../../../kernel';
import { createBrand } from '../../../modules/catalog';
import { postOpeningStock } from '../../../modules/inventory';
import { changePrices } from '../../../modules/pricing';
import { receiveGoods } from '../../../modules/purchasing';
import { postSale, returnSale } from '../../../modules/sales';
import { addUser, createUser, loadActor, role } from '../../../platform/auth';
import { READY_ROLES, type ReadyRole } from '../../../platform/modules';
import { type Actor, can } from '../../../platform/permissions';
import { actor as system, type Bench, type SelfTestFlow, words } from '../bench';
import { openingLine, today } from './stock-in';

/** The rights that matter most, and who has them: by hand, not read from the manifests that are put to the test. */
export const RIGHTS: Readonly<Record<string, readonly ReadyRole[]>> = {
  'sales.sale.create': ['owner', 'manager', 'cashier', 'clerk'],
  'sales.sale.return': ['owner', 'manager', 'cashier'],
  'sales.discount.approve': ['owner', 'manager'],
  'sales.shift.view': ['owner', 'manager', 'cashier', 'clerk', 'accountant', 'auditor'],
  'purchasing.receipt.post': ['owner', 'manager', 'warehouse', 'buyer'],
  'purchasing.supplier.edit': ['owner', 'buyer', 'accountant'],
  'catalog.product.edit': ['owner', 'buyer'],
  'pricing.price.edit': ['owner', 'manager', 'buyer'],
  'inventory.opening.post': ['owner', 'accountant'],
  'inventory.cost.view': ['owner', 'buyer', 'accountant', 'auditor'],
  'crm.phone.view': ['owner', 'manager'],
  'organization.staff.edit': ['owner', 'manager'],
  'reporting.dashboard.view': ['owner', 'manager', 'cashier', 'clerk', 'buyer', 'accountant', 'auditor'],
  'administration.audit.view': ['owner', 'auditor'],
  'administration.user.manage': [],
};

type Attempt = (bench: Bench, actor: Actor) => Promise<unknown>;

const sell: Attempt = ({ services: { uow }, shop }, actor) =>
  postSale(uow, actor, {
    registerId: shop.registerId,
    lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }],
    tenders: [{ kind: 'cash', amountFen: 22_600 }],
  });
const takeBack: Attempt = ({ services: { uow }, shop }, actor) =>
  returnSale(uow, actor, {
    originalSaleId: shop.saleId,
    registerId: shop.registerId,
    lines: [{ lineId: 1, quantity: 1 }],
    bucket: 'sellable',
    refunds: [],
    reason: '自检',
  });
const receiveChargers: Attempt = async (bench, actor) =>
  receiveGoods(bench.services.uow, actor, {
    supplierId: bench.shop.supplierId,
    storeId: bench.shop.storeId,
    locationId: bench.shop.locationId,
    businessDate: await today(bench),
    deliveryNote: 'ST-3',
    withInvoice: true,
    note: null,
    lines: [{ skuId: bench.shop.chargerSkuId, quantity: 1, unitPriceFen: 11_300 }],
  });
const newBrand: Attempt = ({ services: { uow } }, actor) => createBrand(uow, actor, { name: '自检二' });
const newPrice: Attempt = ({ services: { uow }, shop }, actor) =>
  changePrices(uow, actor, { items: [{ skuId: shop.chargerSkuId, priceFen: 1 }] });
const newStock: Attempt = (bench, actor) =>
  bench.services.uow.run(actor, (unit) => {
    const goods = { skuId: bench.shop.chargerSkuId, quantity: 1, valueFen: 1, receivedOn: unit.today };
    const { storeId } = bench.shop;
    return postOpeningStock(unit, { storeId, businessDate: unit.today, lines: [openingLine(bench, goods)] });
  });
const newUser: Attempt = ({ services: { uow } }, actor) =>
  createUser(uow, actor, { login: 'selftest-more', name: 'x', locale: 'zh-CN', grants: [] });

/** What each role tries and may not. Administrators may everything, but only where their role reaches: see `elsewhere`. */
const REFUSED: Readonly<Record<Exclude<ReadyRole, 'administrator'>, [name: string, attempt: Attempt]>> = {
  owner: ['newUser', newUser],
  manager: ['newBrand', newBrand],
  cashier: ['receive', receiveChargers],
  clerk: ['takeBack', takeBack],
  warehouse: ['sell', sell],
  buyer: ['sell', sell],
  technician: ['sell', sell],
  accountant: ['newPrice', newPrice],
  auditor: ['newStock', newStock],
};

export const permissions: SelfTestFlow = {
  id: 'permissions',
  run: async (bench) => {
    const { shop, expect } = bench;
    for (const code of READY_ROLES) {
      const actor = await actorOf(bench, shop.users[code] ?? 0);
      const roleName = words(`auth:role.${code}`);
      for (const [right, roles] of Object.entries(RIGHTS)) {
        const title = words('step.right', { role: roleName, right: wordsOfRight(right) });
        const wanted = code === 'administrator' || roles.includes(code);
        expect(`${code}/${right}`, title, can(actor, right, shop.storeId), wanted);
      }
      if (code === 'administrator') continue;
      const [name, attempt] = REFUSED[code];
      const title = words('step.refused', { role: roleName, attempt: words(`attempt.${name}`) });
      expect(`${code}/refused`, title, await statusOf(attempt(bench, actor)), 403);
    }
    await elsewhere(bench);
  },
};

/** A role reaches the stores it was given for, whatever it may do there. */
async function elsewhere(bench: Bench): Promise<void> {
  const { services, shop, expect } = bench;
  for (const code of ['administrator', 'cashier'] as const) {
    const userId = await services.uow.run(system, async (unit) => {
      const [found] = await unit.find(role, { code });
      const grants = [{ roleId: found?.id ?? 0, storeId: shop.otherStoreId }];
      const login = `selftest-${code}-2`;
      return (await addUser(unit, { login, name: login, locale: 'zh-CN', grants })).userId;
    });
    const title = words('step.elsewhere', { role: words(`auth:role.${code}`) });
    expect(`${code}/elsewhere`, title, await statusOf(sell(bench, await actorOf(bench, userId))), 403);
  }
}

async function actorOf({ services }: Bench, userId: number): Promise<Actor> {
  const loaded = await loadActor(services.database.read, userId, services.clock());
  if (!loaded) throw new Error(`no actor for user ${userId}`);
  return loaded.actor;
}

/** 200 when it went through. */
async function statusOf(attempt: Promise<unknown>): Promise<number | string> {
  try {
    await attempt;
    return 200;
  } catch (error) {
    return isDomainError(error) ? error.status : String(error);
  }
}

/** `sales.sale.create` is `sales:permission.sale.create`. */
function wordsOfRight(right: string): { key: string } {
  const [module = '', ...rest] = right.split('.');
  return words(`${module}:permission.${rest.join('.')}`);
}
