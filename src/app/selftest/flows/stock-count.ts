import { skusByCodes } from '../../../modules/catalog';
import { postOpeningStock, reverseOpeningStock } from '../../../modules/inventory';
import { sql } from '../../../platform/database';
import { actor, type SelfTestFlow, stock, stockOf, words } from '../bench';
import { imei } from './goods';
import { openingLine } from './stock-in';

/** What stands on the shelf against what the books say, and a count that was wrong: taken back, and posted as it is. */
export const stockCount: SelfTestFlow = {
  id: 'stock-count',
  run: async (bench) => {
    const { services, shop, expect } = bench;
    const { read } = services.database;
    const onBooks = await read.all<{ value: string }>(
      sql`SELECT i.value FROM device d JOIN device_identifier i ON i.device_id = d.id
        WHERE d.sku_id = ${shop.phoneSkuId} AND d.state = ${'in_stock'} ORDER BY i.value`,
    );
    const listed = onBooks.map(({ value }) => value).join(' ');
    expect('handsets', words('step.countedHandsets'), listed, [imei(2), imei(3)].sort().join(' '));
    const skuId = (await skusByCodes(read, ['ST-IMPORT-CASE'])).get('ST-IMPORT-CASE')?.id ?? 0;
    const post = (quantity: number): Promise<{ id: number }> =>
      services.uow.run(actor, (unit) => {
        const line = openingLine(bench, { skuId, quantity, valueFen: quantity * 500, receivedOn: unit.today });
        return postOpeningStock(unit, { storeId: shop.storeId, businessDate: unit.today, lines: [line] });
      });
    const { id } = await post(7);
    expect('wrong', words('step.countedWrong'), await stockOf(services, skuId), stock(27, 13_500));
    await reverseOpeningStock(services.uow, actor, { id, version: 1 });
    expect('reversed', words('step.countReversed'), await stockOf(services, skuId), stock(20, 10_000));
    await post(6);
    expect('right', words('step.countedRight'), await stockOf(services, skuId), stock(26, 13_000));
  },
};
