import { randomUUID } from 'node:crypto';
import { parseScanLine } from '../../src/kernel';
import { transferHands } from './transfers';
import { saveBom } from '../../src/modules/catalog/use-cases/save-bom';
import { changeReasons } from '../../src/modules/inventory/queries/change-reasons';
import { stockChange } from '../../src/modules/inventory/store/change.table';
import { numberChange } from '../../src/modules/inventory/store/number-change.table';
import { stocktake } from '../../src/modules/inventory/store/stocktake.table';
import { addGoodsToChange, scanIntoChange } from '../../src/modules/inventory/use-cases/change-lines';
import { createBuild } from '../../src/modules/inventory/use-cases/create-build';
import { createChange } from '../../src/modules/inventory/use-cases/create-change';
import { createNumberChange } from '../../src/modules/inventory/use-cases/create-number-change';
import { finishCounting, startStocktake } from '../../src/modules/inventory/use-cases/count-stocktake';
import { lendDevices } from '../../src/modules/inventory/use-cases/lend-devices';
import { planStocktake } from '../../src/modules/inventory/use-cases/plan-stocktake';
import { postBuild } from '../../src/modules/inventory/use-cases/post-build';
import { postChange } from '../../src/modules/inventory/use-cases/post-change';
import { postNumberChange } from '../../src/modules/inventory/use-cases/post-number-change';
import { priceDevices } from '../../src/modules/inventory/use-cases/price-devices';
import { scanIntoStocktake } from '../../src/modules/inventory/use-cases/scan-into-stocktake';
import { EVERYTHING } from '../../src/modules/inventory/domain/stocktake-scope';
import { addSupplier, agreeProtection, placeOrder, receiveGoods, requestGoods } from '../../src/modules/purchasing';
import { accrueRebate } from '../../src/modules/purchasing/use-cases/accrue-rebate';
import { startReplenishment } from '../../src/modules/purchasing/use-cases/compute-replenishment';
import { createRebate } from '../../src/modules/purchasing/use-cases/save-rebate';
import { addSupplierPrice } from '../../src/modules/purchasing/use-cases/save-supplier-price';
import { rebate } from '../../src/modules/purchasing/store/rebate.table';
import { startAnalysis } from '../../src/modules/reporting/use-cases/analyse-stock';
import { startAlerts } from '../../src/modules/reporting/use-cases/compute-alerts';
import { systemActor } from '../../src/platform/permissions';
import { borrowDevices } from '../../src/modules/inventory/use-cases/borrow-devices';
import { moveConsigned } from '../../src/modules/purchasing/use-cases/move-consigned';
import { postConsignment } from '../../src/modules/purchasing/use-cases/post-consignment';
import { settleConsigned } from '../../src/modules/purchasing/use-cases/settle-consigned';
import { postSale } from '../../src/modules/sales';
import { testKeys } from './auth';
import { consignmentHands } from './consignments';
import type { TestApp } from './http';
import { draftInvoice, linesOfReceipt, postInvoiceNow } from './invoices';
import { draftPayment, postPaymentNow } from './payments';
import { draftProtection, protectionVersion, sellNow, submitNow } from './protections';
import { imeiOf } from './purchasing';
import { draftReturn, postReturnNow } from './returns';
import { imeiOf as shopImei, sampleShop, type SampleShop } from './sample-shop';

export interface WholeShop extends SampleShop {
  supplierId: number;
}

const system = systemActor('test');
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

/** A shop with a document of every kind that purchasing, stock and payables know, at costs that look like no price. */
export async function wholeShop({ uow, actor, services }: TestApp): Promise<WholeShop> {
  const { database } = uow;
  const shop = await sampleShop(uow, actor);
  const supplierId = await uow.run(actor, (unit) =>
    addSupplier(unit, testKeys, { name: '深圳华盛通讯', category: '国代', paymentDays: 30 }),
  );
  const whole = { ...shop, supplierId };
  const today = (await uow.run(actor, (unit) => Promise.resolve(unit.today))) as string;
  const receive = (first: number, count: number, unitPriceFen: number, withInvoice: boolean) =>
    receiveGoods(uow, actor, {
      supplierId,
      storeId: shop.storeId,
      locationId: shop.locationId,
      businessDate: today,
      deliveryNote: null,
      withInvoice,
      note: null,
      lines: [
        {
          skuId: shop.phoneSkuIds[0],
          quantity: count,
          unitPriceFen,
          devices: Array.from({ length: count }, (_, index) => imeiOf(first + index)),
        },
        { skuId: shop.chargerSkuId, quantity: 9, unitPriceFen: 6_121 },
      ],
    });
  await receive(1, 12, 442_657, true);
  const late = await receive(101, 6, 441_239, false);
  await order(uow, actor, whole, today);
  const lines = await linesOfReceipt(database, late.id);
  const invoice = await draftInvoice(uow, whole, lines.slice(0, 1), { actor, totalFen: 6 * 441_239 });
  await postInvoiceNow(database, uow, invoice.id, actor);
  await draftInvoice(uow, whole, lines.slice(1), { actor, totalFen: 55_089, invoiceNumber: '24322000000099' });
  const back = await draftReturn(uow, whole, [imeiOf(1)], { actor });
  await postReturnNow(database, uow, back.id, actor);
  await draftReturn(uow, whole, [imeiOf(2)], { actor });
  await sellNow(uow, whole, [imeiOf(3)], today);
  await protect(uow, whole);
  await accrue(uow, whole, today);
  const payment = await draftPayment(uow, whole, { actor, businessDate: today, amountFen: 1_234_567 });
  await postPaymentNow(database, uow, payment.id, actor);
  await draftPayment(uow, whole, { actor, businessDate: today, amountFen: 234_571 });
  await moveStock(uow, actor, whole);
  await consign(uow, actor, whole, today);
  for (const start of [startReplenishment, startAnalysis, startAlerts]) await (await start(services, actor)).over;
  return whole;
}

async function order(uow: TestApp['uow'], actor: TestApp['actor'], shop: WholeShop, today: string): Promise<void> {
  const { supplierId } = shop;
  await addSupplierPrice(uow, actor, {
    supplierId,
    skuId: shop.phoneSkuIds[0],
    fromOn: today,
    untilOn: null,
    minQuantity: null,
    packSize: null,
    unitPriceFen: 443_871,
  });
  for (const submit of [false, true])
    await placeOrder(uow, actor, {
      supplierId,
      storeId: shop.storeId,
      orderedOn: today,
      expectedOn: today,
      note: null,
      submit,
      lines: [{ skuId: shop.phoneSkuIds[0], storeId: shop.storeId, quantity: 3, unitPriceFen: 443_873 }],
    });
  await requestGoods(uow, actor, {
    lines: [{ storeId: shop.storeId, skuId: shop.phoneSkuIds[0], quantity: 3 }],
    wantedOn: today,
    reason: null,
    upTo: 'approved',
  });
}

/** Consigned handsets that are here, sold and settled, returned and bought, and one that was borrowed. */
async function consign(uow: TestApp['uow'], actor: TestApp['actor'], shop: WholeShop, today: string): Promise<void> {
  const { supplierId, storeId, locationId } = shop;
  const hands = consignmentHands(uow, shop, actor);
  const { id } = await hands.draft(supplierId);
  await hands.add(id, [80, 81, 82, 83].map(shopImei).join('\n'), { priceFen: 331_237 });
  await postConsignment(uow, actor, await hands.seen(id));
  await postSale(uow, actor, {
    registerId: shop.registerId,
    lines: [{ skuId: shop.phoneSkuIds[0], deviceId: (await hands.deviceOf(81)).id, quantity: 1, discountFen: 0 }],
    tenders: [{ kind: 'cash', amountFen: 449_900 }],
  });
  const what = { supplierId, storeId, untilOn: today, invoiceNumber: '', note: '' };
  const rows = [{ id: (await hands.rowOf(81))?.id ?? 0, priceFen: 331_237 }];
  await settleConsigned(uow, actor, { ...what, rows });
  for (const [kind, index] of [
    ['return', 82],
    ['purchase', 83],
  ] as const)
    await moveConsigned(uow, actor, { kind, supplierId, storeId, note: '', numbers: shopImei(index) });
  const about = { borrower: '江宁加盟店', purpose: 'display', dueOn: '2099-01-01', note: '' };
  await borrowDevices(uow, actor, { ...about, locationId, sku: 'MI17-01', numbers: shopImei(84) });
}

async function protect(uow: TestApp['uow'], shop: WholeShop): Promise<void> {
  const claim = await draftProtection(uow, shop, [3, 4, 5].map(imeiOf), {
    unitFen: 12_347,
    withTax: true,
    effectiveAt: Date.now(),
  });
  await submitNow(uow.database, uow, claim.id);
  const seen = async () => ({ claimId: claim.id, version: await protectionVersion(uow.database, claim.id) });
  await agreeProtection(uow, system, { ...(await seen()), dueOn: null, lines: [], exceptions: '' });
  await draftProtection(uow, shop, [imeiOf(6)], { unitFen: 12_349, effectiveAt: Date.now() });
}

async function accrue(uow: TestApp['uow'], shop: WholeShop, today: string): Promise<void> {
  const { id } = await createRebate(uow, system, {
    supplierId: shop.supplierId,
    storeId: shop.storeId,
    name: '提货返利',
    kind: 'quantity',
    fromOn: `${today.slice(0, 8)}01`,
    toOn: `${today.slice(0, 4)}-12-31`,
    brandId: null,
    categoryId: null,
    skuId: shop.phoneSkuIds[0],
    taxRateBp: 1300,
    tiers: [{ from: 2, award: 11_317 }],
    note: null,
  });
  const version = (await uow.database.read.get(rebate, id))?.version ?? 0;
  await accrueRebate(uow, system, { rebateId: id, version, untilOn: today });
}

async function moveStock(uow: TestApp['uow'], actor: TestApp['actor'], shop: WholeShop): Promise<void> {
  const { database } = uow;
  const hands = transferHands(uow, actor);
  await hands.sent(shop.locationId, shop.otherLocationId, [imeiOf(7), imeiOf(8)]);
  const done = await hands.sent(shop.locationId, shop.otherLocationId, [imeiOf(9)]);
  await hands.paste(done, [imeiOf(9)]);
  await hands.receive(done);
  for (const [index, effect] of (['loss', 'scrap', 'value', 'issue'] as const).entries()) {
    const reason = (await changeReasons(database.read)).find((one) => one.effect === effect);
    const { id } = await createChange(uow, actor, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
    if (effect === 'value')
      await addGoodsToChange(uow, actor, {
        id,
        code: 'CD67',
        bucket: 'sellable',
        batch: '',
        pieces: 1,
        unitCostFen: 6_137,
      });
    else await scanIntoChange(uow, actor, { id, scans: [scanOf(imeiOf(101 + index))] });
    if (effect !== 'issue')
      await postChange(uow, actor, { id, version: (await database.read.get(stockChange, id))?.version ?? 0 });
  }
  const { id } = await createNumberChange(uow, actor, {
    way: 'replace',
    current: imeiOf(10),
    other: imeiOf(910),
    override: false,
    reason: 'mis_scan',
    note: '',
  });
  await postNumberChange(uow, actor, { id, version: (await database.read.get(numberChange, id))?.version ?? 0 });
  await priceDevices(uow, actor, {
    deviceIds: [shop.devices[0]?.id ?? 0],
    way: 'amount',
    value: 450_000,
    reason: '清仓',
  });
  await lendDevices(uow, actor, {
    locationId: shop.locationId,
    borrower: '河西活动',
    purpose: 'event',
    dueOn: '2099-11-25',
    note: '',
    numbers: [shopImei(1), shopImei(2)].join('\n'),
  });
  await assembleOne(uow, actor, shop);
  const count = await planStocktake(uow, actor, { locationId: shop.locationId, scope: EVERYTHING, blind: false });
  const seen = async () => ({
    id: count.id,
    version: (await database.read.get(stocktake, count.id))?.version ?? 0,
  });
  await startStocktake(uow, actor, await seen());
  await scanIntoStocktake(uow, actor, {
    id: count.id,
    scans: [shopImei(0), shopImei(3), imeiOf(4), shopImei(50), 'CD67'].map(scanOf),
  });
  await finishCounting(uow, actor, await seen());
}

/** One kit of two chargers in the books, and a draft of another. */
async function assembleOne(uow: TestApp['uow'], actor: TestApp['actor'], shop: WholeShop): Promise<void> {
  await saveBom(uow, actor, { skuId: shop.phoneSkuIds[1], version: 0, components: 'CD67 2' });
  const what = { kind: 'assemble', code: 'MI17-02', pieces: 1, bucket: '', note: '', locationId: shop.locationId };
  const { id } = await createBuild(uow, actor, { ...what, numbers: 'KIT77A' });
  await postBuild(uow, actor, { id, version: 1 });
  await createBuild(uow, actor, { ...what, numbers: 'KIT77B' });
}
