import { isDomainError } from '../../../kernel';
import { openShift, postSale, returnSale, type SaleCommand } from '../../../modules/sales';
import { sql } from '../../../platform/database';
import { actor, type SelfTestFlow, stock, stockOf, words, yuan } from '../bench';
import { imei } from './goods';

/** With 13 % tax in them 4520.00 is 4000.00 net, 226.00 is 200.00. */
export const saleOut: SelfTestFlow = {
  id: 'sale-out',
  run: async ({ services, shop, expect }) => {
    const { registerId, phoneSkuId, chargerSkuId } = shop;
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
    expect('amount', words('step.saleAmount'), yuan(sold.grossFen), yuan(474_600));
    expect('stock', words('step.handsetsLeft'), await stockOf(services, phoneSkuId), stock(2, 600_000));
    const again = await postSale(services.uow, actor, command).catch((error: unknown) => error);
    expect('double', words('step.notSoldTwice'), isDomainError(again), true);
  },
};

export const saleReturn: SelfTestFlow = {
  id: 'return',
  run: async ({ services, shop, expect }) => {
    const { registerId, chargerSkuId, saleId } = shop;
    const line = await services.database.read.one<{ id: number }>(
      sql`SELECT id AS id FROM sale_line WHERE sale_id = ${saleId} AND sku_id = ${chargerSkuId}`,
    );
    const command = {
      originalSaleId: saleId,
      registerId,
      lines: [{ lineId: Number(line?.id), quantity: 1 }],
      bucket: 'sellable' as const,
      refunds: [{ kind: 'cash' as const, amountFen: 22_600 }],
      reason: '自检',
    };
    const back = await returnSale(services.uow, actor, command);
    expect('refund', words('step.refund'), yuan(back.refundFen), yuan(22_600));
    expect('stock', words('step.backAtCost'), await stockOf(services, chargerSkuId), stock(15, 150_000));
    const again = await returnSale(services.uow, actor, command).catch((error: unknown) => error);
    expect('double', words('step.notReturnedTwice'), isDomainError(again), true);
  },
};
