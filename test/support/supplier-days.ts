import { reversePayment } from '../../src/modules/finance/use-cases/post-payment';
import { payment } from '../../src/modules/finance/store/payment.table';
import { resolveTransfer, reverseTransferStep } from '../../src/modules/inventory';
import {
  addReturnLine,
  addSupplier,
  agreeProtection,
  changeInvoiceLines,
  receiveGoods,
  reverseInvoice,
  reverseProtection,
  reverseReceipt,
  reverseReturn,
} from '../../src/modules/purchasing';
import { supplierInvoice, supplierInvoiceLine } from '../../src/modules/purchasing/store/invoice.table';
import { protection } from '../../src/modules/purchasing/store/protection.table';
import { rebate } from '../../src/modules/purchasing/store/rebate.table';
import { receipt } from '../../src/modules/purchasing/store/receipt.table';
import { purchaseReturn } from '../../src/modules/purchasing/store/return.table';
import { accrueRebate, settleRebate, unsettleRebate } from '../../src/modules/purchasing/use-cases/accrue-rebate';
import { createRebate } from '../../src/modules/purchasing/use-cases/save-rebate';
import { settleProtection, unsettleProtection } from '../../src/modules/purchasing/use-cases/settle-protection';
import { postSale, returnSale, saleLine } from '../../src/modules/sales';
import { type AnyTable, sql } from '../../src/platform/database';
import { systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { testKeys } from './auth';
import { draftInvoice, linesOfReceipt, postInvoiceNow } from './invoices';
import { draftPayment, postPaymentNow } from './payments';
import { draftProtection, submitNow } from './protections';
import { imeiOf } from './purchasing';
import type { Random } from './random';
import { draftReturn, postReturnNow } from './returns';
import { sampleShop } from './sample-shop';
import { transferHands } from './transfers';

const actor = systemActor('周敏');
const reason = '试';

/** Undefined: there was nothing to do it with. */
export type Deed = () => Promise<unknown>;

/**
 * Everything that people do with one supplier's goods and money, each as a deed with what happens to be there, and its undoing.
 * A deed may be refused; whatever was done in whatever order, the books must hold.
 */
export async function supplierDays(
  uow: UnitOfWork,
  r: Random,
  today: () => string,
): Promise<{ supplierId: number; deeds: Readonly<Record<string, Deed>> }> {
  const { database } = uow;
  const sample = await sampleShop(uow);
  const terms = { name: '深圳华盛通讯', category: '国代', paymentDays: 30 };
  const supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, terms));
  const shop = { ...sample, supplierId };
  const [white] = shop.phoneSkuIds;
  const hands = transferHands(uow, actor);
  let serial = 0;

  const ids = async (from: string): Promise<number[]> =>
    (await database.read.all<{ id: number }>({ pieces: [`SELECT id FROM ${from} ORDER BY id`] })).map(({ id }) => id);
  const one = async (from: string): Promise<number | undefined> => r.pick(await ids(from));
  const versionOf = async (table: AnyTable, id: number): Promise<number> =>
    Number(((await database.read.get(table, id)) as { version?: number } | undefined)?.version ?? 0);
  /** Active numbers of devices that this is true of. */
  const numbers = async (which: string): Promise<string[]> =>
    (
      await database.read.all<{ value: string }>({
        pieces: [
          `SELECT i.value FROM device d JOIN device_identifier i ON i.device_id = d.id
            WHERE i.active_key IS NOT NULL AND ${which} ORDER BY i.id`,
        ],
      })
    ).map(({ value }) => value);
  const here = `d.state = 'in_stock' AND d.location_id = ${shop.locationId}`;
  /** The deed with one of these, if there is any. */
  const on = (from: string, deed: (id: number) => Promise<unknown>) => async () => {
    const id = await one(from);
    return id === undefined ? undefined : deed(id);
  };
  const undo =
    <K extends string>(
      table: AnyTable,
      key: K,
      run: (command: Record<K, number> & { version: number }) => Promise<unknown>,
    ) =>
    async (id: number) =>
      run({ [key]: id, version: await versionOf(table, id) } as Record<K, number> & { version: number });
  const settlement = (amountFen: number) => ({
    method: r.chance(50) ? ('bank' as const) : ('set_off' as const),
    amountFen,
    reference: '贷项',
  });

  const buying: Record<string, Deed> = {
    receive: () => {
      const quantity = r.between(1, 4);
      const devices = Array.from({ length: quantity }, () => imeiOf(++serial));
      const place = { supplierId, storeId: shop.storeId, locationId: shop.locationId };
      return receiveGoods(uow, actor, {
        ...place,
        businessDate: today(),
        deliveryNote: null,
        withInvoice: r.chance(30),
        note: null,
        lines: [
          { skuId: white, quantity, unitPriceFen: r.between(380_000, 400_000), devices },
          { skuId: shop.chargerSkuId, quantity: r.between(1, 9), unitPriceFen: r.between(0, 6_000) },
        ],
      });
    },
    'undo receipt': on(
      "receipt WHERE state = 'posted'",
      undo(receipt, 'receiptId', (command) => reverseReceipt(uow, actor, { ...command, reason })),
    ),
    invoice: on("receipt WHERE state = 'posted'", async (id) => {
      const lines = r.some(await linesOfReceipt(database, id), r.between(1, 2));
      const invoicedOn = today();
      const made = await draftInvoice(uow, shop, lines, { totalFen: 1, invoiceNumber: `N${++serial}`, invoicedOn });
      let totalFen = 0;
      for (const { id: lineId, version, quantity, amountFen } of await database.read.find(supplierInvoiceLine, {
        invoiceId: made.id,
      })) {
        const pieces = r.between(1, Math.max(1, quantity));
        const billedFen = Math.max(0, Math.round((amountFen * pieces) / Math.max(1, quantity)) + r.between(-3, 3));
        const line = { id: lineId, version, quantity: pieces, amountFen: billedFen };
        await changeInvoiceLines(uow, actor, { invoiceId: made.id, lines: [line] });
        totalFen += billedFen;
      }
      await uow.run(actor, (unit) =>
        unit.execute(sql`UPDATE supplier_invoice SET total_fen = ${totalFen} WHERE id = ${made.id}`),
      );
      return postInvoiceNow(database, uow, made.id);
    }),
    'undo invoice': on(
      "supplier_invoice WHERE state = 'posted'",
      undo(supplierInvoice, 'invoiceId', (command) => reverseInvoice(uow, actor, { ...command, reason })),
    ),
    return: async () => {
      const { id } = await draftReturn(
        uow,
        shop,
        r.some(await numbers(`d.supplier_id = ${supplierId} AND ${here}`), 2),
      );
      const goods = { quantity: r.between(1, 4), unitPriceFen: r.between(0, 6_500), batchCode: null };
      if (r.chance(50))
        await addReturnLine(uow, actor, { returnId: id, skuId: shop.chargerSkuId, bucket: 'sellable', ...goods });
      return postReturnNow(database, uow, id);
    },
    'undo return': on(
      "purchase_return WHERE state = 'posted'",
      undo(purchaseReturn, 'returnId', (command) => reverseReturn(uow, actor, { ...command, reason })),
    ),
    pay: async () => {
      const amountFen = r.chance(30) ? null : r.between(1, 2_000_000);
      const { id } = await draftPayment(uow, shop, { businessDate: today(), amountFen });
      return postPaymentNow(database, uow, id);
    },
    'undo payment': on(
      "payment WHERE state = 'posted'",
      undo(payment, 'paymentId', (command) => reversePayment(uow, actor, { ...command, reason })),
    ),
  };

  const claiming: Record<string, Deed> = {
    protect: async () => {
      const devices = r.some(await numbers(`d.supplier_id = ${supplierId}`), 4);
      const effectiveAt = Date.parse(`${today()}T00:00:00Z`) - 86_400_000;
      const price = { unitFen: r.between(1, 30_000), withTax: r.chance(50), effectiveAt };
      const { id: claimId } = await draftProtection(uow, shop, devices, price);
      await submitNow(database, uow, claimId);
      const version = await versionOf(protection, claimId);
      return agreeProtection(uow, actor, { claimId, version, dueOn: null, lines: [], exceptions: '' });
    },
    'undo protection': on(
      "price_protection WHERE state = 'agreed'",
      undo(protection, 'claimId', (command) => reverseProtection(uow, actor, { ...command, reason })),
    ),
    'settle protection': on(
      "price_protection WHERE state = 'agreed'",
      undo(protection, 'claimId', (command) =>
        settleProtection(uow, actor, { ...command, ...settlement(r.between(1, 60_000)) }),
      ),
    ),
    'undo settlement': on(
      "price_protection WHERE state = 'credited'",
      undo(protection, 'claimId', (command) => unsettleProtection(uow, actor, command)),
    ),
    rebate: async () => {
      const rebateId = await one('rebate');
      if (rebateId !== undefined)
        return accrueRebate(uow, actor, { rebateId, version: await versionOf(rebate, rebateId), untilOn: today() });
      const period = { fromOn: '2026-10-01', toOn: '2026-12-31', brandId: null, categoryId: null, skuId: white };
      const award = { kind: 'quantity' as const, taxRateBp: 1300, tiers: [{ from: 1, award: r.between(100, 20_000) }] };
      return createRebate(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        name: '提货',
        note: null,
        ...period,
        ...award,
      });
    },
    'settle rebate': on(
      'rebate',
      undo(rebate, 'rebateId', (command) =>
        settleRebate(uow, actor, { ...command, ...settlement(r.between(1, 50_000)) }),
      ),
    ),
    'undo rebate settlement': on(
      'rebate',
      undo(rebate, 'rebateId', (command) => unsettleRebate(uow, actor, command)),
    ),
  };

  const moving: Record<string, Deed> = {
    sell: on(`device d WHERE d.bucket = 'sellable' AND ${here}`, (deviceId) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: white, deviceId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 900_000 }],
      }),
    ),
    'take back': on("sale WHERE kind = 'sale'", async (originalSaleId) => {
      const [line] = await database.read.find(saleLine, { saleId: originalSaleId });
      return returnSale(uow, actor, {
        originalSaleId,
        registerId: shop.registerId,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: r.chance(50) ? 'sellable' : 'defective',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
    }),
    send: async () => {
      const goods = [{ skuId: shop.chargerSkuId, quantity: r.between(1, 2) }];
      const { id } = await hands.draft(shop.locationId, shop.otherLocationId, goods);
      const devices = r.some(await numbers(`d.bucket = 'sellable' AND ${here}`), 3);
      if (devices.length > 0) await hands.paste(id, devices);
      await hands.decide(id, 'approve');
      return hands.send(id);
    },
    arrive: on("transfer WHERE state = 'sent'", async (id) => {
      const sent = `d.id IN (SELECT device_id FROM transfer_device WHERE transfer_id = ${id}) AND d.state = 'in_transit'`;
      const devices = r.some(await numbers(sent), r.between(0, 3));
      if (devices.length > 0) await hands.paste(id, devices, { damaged: r.chance(20) });
      return hands.receive(id);
    }),
    'end transit': on("transfer WHERE state = 'sent'", async (id) =>
      resolveTransfer(uow, actor, {
        ...(await hands.version(id)),
        kind: r.chance(50) ? 'return' : 'loss',
        deviceRows: 'all',
        goods: [],
        reason,
        bearerStoreId: r.chance(50) ? shop.storeId : shop.otherStoreId,
      }),
    ),
    'undo step': on("transfer WHERE state IN ('sent', 'done')", async (id) =>
      reverseTransferStep(uow, actor, {
        ...(await hands.version(id)),
        stepId: (await one(`transfer_step WHERE transfer_id = ${id}`)) ?? 0,
        reason,
      }),
    ),
  };
  return { supplierId, deeds: { ...buying, ...claiming, ...moving } };
}
