import {
  createTransfer,
  decideTransfer,
  pasteIntoTransfer,
  readTransferPaste,
  sendTransfer,
} from '../../src/modules/inventory';
import { addSupplier, placeOrder, receiveGoods, requestGoods } from '../../src/modules/purchasing';
import { postSale, returnSale, reverseSale, saleLine } from '../../src/modules/sales';
import type { TestApp } from './http';
import { imeisOf } from './purchasing';
import { sampleShop, type SampleShop } from './sample-shop';
import { testKeys } from './auth';

/** A shop with every kind of document that moves stock, and a reversal: chargers 10 → +9 → −2 → −3 → +3 (undone) → +1. */
export async function busyShop(on: TestApp): Promise<SampleShop> {
  const { uow, actor } = on;
  const shop = await sampleShop(uow, actor);
  const supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '深圳华盛通讯' }));
  const today = await uow.run(actor, (unit) => Promise.resolve(unit.today));
  await receiveGoods(uow, actor, {
    supplierId,
    storeId: shop.storeId,
    locationId: shop.locationId,
    businessDate: today,
    deliveryNote: null,
    withInvoice: true,
    note: null,
    lines: [
      { skuId: shop.phoneSkuIds[0], quantity: 2, unitPriceFen: 442_657, devices: imeisOf(2) },
      { skuId: shop.chargerSkuId, quantity: 9, unitPriceFen: 6_121 },
    ],
  });
  await placeOrder(uow, actor, {
    supplierId,
    storeId: shop.storeId,
    orderedOn: today,
    expectedOn: today,
    note: null,
    submit: true,
    lines: [{ skuId: shop.chargerSkuId, storeId: shop.storeId, quantity: 4, unitPriceFen: 6_121 }],
  });
  await requestGoods(uow, actor, {
    lines: [{ storeId: shop.storeId, skuId: shop.chargerSkuId, quantity: 3 }],
    wantedOn: today,
    reason: null,
    upTo: 'approved',
  });
  const sell = (quantity: number, deviceId?: number) =>
    postSale(uow, actor, {
      registerId: shop.registerId,
      lines: [
        { skuId: shop.chargerSkuId, quantity, discountFen: 0 },
        ...(deviceId ? [{ skuId: shop.phoneSkuIds[0], deviceId, quantity: 1, discountFen: 0 }] : []),
      ],
      tenders: [{ kind: 'cash', amountFen: 900_000 }],
    });
  const { saleId } = await sell(2, shop.devices[0]?.id);
  await reverseSale(uow, actor, { saleId: (await sell(3)).saleId, reason: '录错' });
  const [line] = await uow.database.read.find(saleLine, { saleId });
  await returnSale(uow, actor, {
    originalSaleId: saleId,
    registerId: shop.registerId,
    lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
    bucket: 'sellable',
    refunds: [{ kind: 'cash', amountFen: null }],
  });
  await sendOne(on, shop, shop.devices[3]?.imei ?? '');
  return shop;
}

/** A handset on the way to the other store. */
async function sendOne({ uow, actor }: TestApp, shop: SampleShop, imei: string): Promise<void> {
  const command = { fromLocationId: shop.locationId, toLocationId: shop.otherLocationId };
  const { id: transferId } = await createTransfer(uow, actor, command);
  await pasteIntoTransfer(uow, actor, { transferId, scans: readTransferPaste(imei), keep: 'all' });
  await decideTransfer(uow, actor, { transferId, version: 2, decision: 'approve' });
  await sendTransfer(uow, actor, { transferId, version: 3 });
}
