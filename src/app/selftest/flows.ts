import { completeImei, isDomainError } from '../../kernel';
import { verifyLedger } from '../../ledger';
import { addBrand, addCategory, addProducts, addSkus } from '../../modules/catalog';
import { postOpeningStock } from '../../modules/inventory';
import { addStore } from '../../modules/organization';
import { setPrices } from '../../modules/pricing';
import { addSupplier, receiveGoods } from '../../modules/purchasing';
import { openShift, postSale, returnSale, type SaleCommand, saveRegister } from '../../modules/sales';
import { sealAudit, verifyAuditChain } from '../../platform/audit';
import { addUser, loadActor, role } from '../../platform/auth';
import { sql } from '../../platform/database';
import { can, COST_PERMISSION, systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { modules } from '../modules';

/** What one flow leaves for the next. */
export interface Shop {
  storeId: number;
  locationId: number;
  phoneSkuId: number;
  chargerSkuId: number;
  registerId: number;
  saleId: number;
}

export interface SelfTestFlow {
  id: string;
  run: (bench: {
    services: Services;
    shop: Partial<Shop>;
    expect: (title: string, found: unknown, expected: unknown) => void;
  }) => Promise<void>;
}

const actor = systemActor('selftest');
const imei = (n: number): string => completeImei(`86742106${String(900_000 + n)}`);

/** Who may sell, and who sees cost: by hand, not read from the manifests that are put to the test. */
const RIGHTS = [
  ['owner', true, true],
  ['cashier', true, false],
  ['clerk', true, false],
  ['technician', false, false],
  ['warehouse', false, null],
  ['auditor', false, null],
] as const;

async function stockOf({ database }: Services, skuId: number): Promise<string> {
  const row = await database.read.one<{ quantity: number | null; fen: number | null }>(
    sql`SELECT SUM(quantity) AS quantity, SUM(value_fen) AS fen FROM stock_balance WHERE sku_id = ${skuId}`,
  );
  return `${Number(row?.quantity ?? 0)} / ${Number(row?.fen ?? 0)}`;
}

/** Prices hold 13 % tax: 3390.00 is 3000.00 net, 113.00 is 100.00, 4520.00 is 4000.00, 226.00 is 200.00. */
export const flows: readonly SelfTestFlow[] = [
  {
    id: 'master-data',
    run: async ({ services: { uow }, shop, expect }) => {
      await uow.run(actor, async (unit) => {
        const store = await addStore(unit, { code: 'ST01', name: '自检店', kind: 'store' });
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
        await setPrices(unit, {
          items: [
            { skuId: phoneSkuId, priceFen: 452_000 },
            { skuId: chargerSkuId, priceFen: 22_600 },
          ],
        });
        Object.assign(shop, { storeId: store.id, locationId: store.defaultLocationId, phoneSkuId, chargerSkuId });
      });
      const register = { id: null, storeId: shop.storeId ?? 0, code: '1', name: '1', active: true, version: null };
      shop.registerId = (await saveRegister(uow, actor, register)).registerId;
      expect('store, products, prices and till exist', Object.values(shop).filter(Boolean).length, 5);
    },
  },
  {
    id: 'opening-stock',
    run: async ({ services, shop, expect }) => {
      const { storeId = 0, locationId = 0, chargerSkuId: skuId = 0 } = shop;
      await services.uow.run(actor, (unit) =>
        postOpeningStock(unit, {
          storeId,
          businessDate: unit.today,
          lines: [
            {
              lineNo: 1,
              skuId,
              storeId,
              locationId,
              quantity: 10,
              valueFen: 100_000,
              identifiers: [],
              receivedOn: unit.today,
              makerWarrantyUntil: null,
            },
          ],
        }),
      );
      expect('10 chargers worth 1000.00 (quantity / fen)', await stockOf(services, skuId), '10 / 100000');
    },
  },
  {
    id: 'purchase-in',
    run: async ({ services, shop, expect }) => {
      const { storeId = 0, locationId = 0, phoneSkuId = 0, chargerSkuId = 0 } = shop;
      const supplierId = await services.uow.run(actor, (unit) =>
        addSupplier(unit, { name: '自检供应商', category: '国代', paymentDays: 30 }),
      );
      const today = await services.uow.run(actor, (unit) => Promise.resolve(unit.today));
      await receiveGoods(services.uow, actor, {
        supplierId,
        storeId,
        locationId,
        businessDate: today,
        deliveryNote: 'ST-1',
        withInvoice: true,
        note: null,
        lines: [
          { skuId: phoneSkuId, quantity: 3, unitPriceFen: 339_000, devices: [imei(1), imei(2), imei(3)] },
          { skuId: chargerSkuId, quantity: 5, unitPriceFen: 11_300 },
        ],
      });
      expect('3 handsets at 3000.00 net', await stockOf(services, phoneSkuId), '3 / 900000');
      expect('15 chargers at 100.00 net', await stockOf(services, chargerSkuId), '15 / 150000');
    },
  },
  {
    id: 'sale-out',
    run: async ({ services, shop, expect }) => {
      const { registerId = 0, phoneSkuId = 0, chargerSkuId = 0 } = shop;
      await openShift(services.uow, actor, { registerId, openingFloatFen: 0 });
      const device = await services.database.read.one<{ id: number }>(
        sql`SELECT device_id AS id FROM device_identifier WHERE value = ${imei(1)}`,
      );
      const command: SaleCommand = {
        registerId,
        lines: [
          { skuId: phoneSkuId, deviceId: Number(device?.id), quantity: 1, discountFen: 0 },
          { skuId: chargerSkuId, quantity: 1, discountFen: 0 },
        ],
        tenders: [{ kind: 'cash', amountFen: 474_600 }],
      };
      const sold = await postSale(services.uow, actor, command);
      shop.saleId = sold.saleId;
      expect('the sale comes to 4746.00', sold.grossFen, 474_600);
      expect('2 handsets are left', await stockOf(services, phoneSkuId), '2 / 600000');
      const again = await postSale(services.uow, actor, command).catch((error: unknown) => error);
      expect('the same handset is not sold twice', isDomainError(again), true);
    },
  },
  {
    id: 'return',
    run: async ({ services, shop, expect }) => {
      const { registerId = 0, chargerSkuId = 0, saleId = 0 } = shop;
      const line = await services.database.read.one<{ id: number }>(
        sql`SELECT id AS id FROM sale_line WHERE sale_id = ${saleId} AND sku_id = ${chargerSkuId}`,
      );
      const back = await returnSale(services.uow, actor, {
        originalSaleId: saleId,
        registerId,
        lines: [{ lineId: Number(line?.id), quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: 22_600 }],
        reason: '自检',
      });
      expect('226.00 are paid back', back.refundFen, 22_600);
      expect('the charger is back at its cost', await stockOf(services, chargerSkuId), '15 / 150000');
    },
  },
  {
    id: 'permissions',
    run: async ({ services, shop, expect }) => {
      const { uow, database } = services;
      for (const [code, sells, seesCost] of RIGHTS) {
        const { userId } = await uow.run(actor, async (unit) => {
          const [found] = await unit.find(role, { code });
          return addUser(unit, {
            login: `selftest-${code}`,
            name: code,
            locale: 'zh-CN',
            grants: [{ roleId: found?.id ?? 0, storeId: null }],
          });
        });
        const loaded = await loadActor(database.read, userId);
        if (!loaded) throw new Error(`no actor for ${code}`);
        expect(`${code} may sell`, can(loaded.actor, 'sales.sale.create', shop.storeId), sells);
        if (seesCost !== null) expect(`${code} sees cost`, can(loaded.actor, COST_PERMISSION, shop.storeId), seesCost);
        if (sells) continue;
        const attempt = await postSale(uow, loaded.actor, {
          registerId: shop.registerId ?? 0,
          lines: [{ skuId: shop.chargerSkuId ?? 0, quantity: 1, discountFen: 0 }],
          tenders: [{ kind: 'cash', amountFen: 22_600 }],
        }).catch((error: unknown) => error);
        expect(`a sale by ${code} is refused`, isDomainError(attempt) && attempt.status, 403);
      }
    },
  },
  {
    id: 'books',
    run: async ({ services, expect }) => {
      const { checks } = await verifyLedger(
        services.database.read,
        modules.flatMap((one) => one.checks ?? []),
      );
      for (const { id, ok } of checks) expect(`books: ${id}`, ok, true);
      await sealAudit(services, { full: true });
      const { ok, unsealed } = await verifyAuditChain(services.database.read, services.keys);
      expect('the audit log is sealed and whole (ok / not sealed)', `${ok} / ${unsealed}`, 'true / 0');
    },
  },
];
